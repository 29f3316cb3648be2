// The data behind the drawing as a table: every vector with its mean and the value of the marked unit.

import { html, nothing, svg, type TemplateResult } from 'lit';
import { nodeName } from '../../model/step-text.js';
import { disclosure } from '../../ui/disclosure.js';
import { isComputed, meanOf, type DiagramView } from './view.js';

export function vectorTable(
  view: DiagramView,
  open: boolean,
  toggle: (open: boolean) => void,
): TemplateResult {
  const { nodes, anatomy, unit, cell, strings, numbers } = view;
  const [vector, mean, unitOf] = strings.tableColumns;
  return disclosure(
    { html, svg, nothing },
    strings.table,
    'table',
    open,
    toggle,
    () =>
      html`<table part="table">
        <thead>
          <tr>
            <th scope="col">${vector}</th>
            <th scope="col">${mean}</th>
            <th scope="col">${unitOf(unit + 1)}</th>
          </tr>
        </thead>
        <tbody>
          ${nodes.map(({ id }) => {
            const values = isComputed(view, id) ? anatomy?.parts[id] : undefined;
            return html`<tr>
              <th scope="row">${nodeName(id, cell, strings)}</th>
              <td>${values ? numbers.value(meanOf(values)) : '–'}</td>
              <td>${values && id !== 'x' ? numbers.value(values[unit]) : '–'}</td>
            </tr>`;
          })}
        </tbody>
      </table>`,
  );
}
