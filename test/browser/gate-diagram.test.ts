// What <gate-diagram> draws and spells out is what the network computed: every vector, every sum, at every step.

import { expect } from '@open-wc/testing';
import '../../src/define/gate-diagram.js';
import { cellTypes, runSequence } from '../../src/engine/index.js';
import { cellGraph } from '../../src/model/cell-graph.js';
import { englishDiagram } from '../../src/model/diagram-strings.js';
import { storyModel } from '../../src/model/index.js';
import { nodeName } from '../../src/model/step-text.js';
import { value } from '../support/expected.js';
import { kite, meanOf, mountDiagram, readUnder, shadeOf } from '../support/diagram.js';
import { checkSigns } from '../support/sums.js';

/** The nodes that a trace has as well. */
const traced = ['h', 'c', 'input', 'forget', 'candidate', 'output', 'reset', 'update'] as const;

describe('the drawing', () => {
  for (const cell of cellTypes) {
    it(`has every number of the ${cell} at every step`, async () => {
      const model = await storyModel(cell);
      const truth = readUnder(model, kite);
      const x = Float64Array.from(truth.tokens.flatMap((token) => [...model.vector(token)]));
      const trace = runSequence(model.cell, x);
      const H = trace.hiddenSize;
      const diagram = await mountDiagram(`<gate-diagram cell="${cell}"></gate-diagram>`);
      expect(diagram.words.join(' ')).to.equal(truth.tokens.map(({ text }) => text).join(' '));
      for (let t = 0; t < truth.tokens.length; t++) {
        await diagram.next();
        const { parts } = truth.anatomy(t);
        expect(diagram.ids).to.deep.equal(cellGraph(model.cell).map(({ id }) => id));
        expect(new Set(diagram.ids)).to.deep.equal(new Set(Object.keys(parts)));
        for (const id of diagram.ids) {
          const values = parts[id]!;
          const where = `${id} at ${t}`;
          const mean = value(meanOf(values));
          expect(diagram.mean(id), where).to.equal(mean);
          expect(diagram.shades(id, values.length), where).to.deep.equal([...values].map(shadeOf));
          const name = nodeName(id, cell, englishDiagram);
          expect(diagram.name(id)).to.equal(
            englishDiagram.nodeLabel(name, id === 'x' ? `“${truth.tokens[t].text}”` : '', mean, ''),
          );
          // and as the trace of an ordinary run has it
          const part = traced.find((each) => each === id);
          if (part) {
            const all = part === 'h' || part === 'c' ? trace[part] : trace.gates[part];
            const row = [...all!.subarray(t * H, (t + 1) * H)];
            expect(diagram.shades(id, H), where).to.deep.equal(row.map(shadeOf));
            expect(diagram.mean(id), where).to.equal(value(meanOf(row)));
          }
        }
      }
    });
  }
});

describe('the arithmetic of a unit', () => {
  for (const cell of cellTypes) {
    it(`ends with the network’s number, and every “=” in it is true (${cell})`, async () => {
      const model = await storyModel(cell);
      const truth = readUnder(model, kite);
      const diagram = await mountDiagram(`<gate-diagram cell="${cell}"></gate-diagram>`);
      let signs = 0;
      for (const t of [0, 3, 7, 17]) {
        await diagram.goTo(t);
        const { parts } = truth.anatomy(t);
        for (const id of diagram.ids) {
          await diagram.choose(id);
          for (const unit of [0, 7 + t, 40, 63]) {
            await diagram.pickUnit(unit);
            const shown = diagram.arithmetic;
            const where = `${id}, unit ${unit} at ${t}: ${shown}`;
            if (id === 'x') {
              expect(shown, where).to.equal('');
              continue;
            }
            const last = value(parts[id]![unit]);
            if (shown.includes('products'))
              expect(shown.endsWith(` ${last}`), where).to.equal(true);
            else {
              expect(shown.split(/ [=≈] /).at(-1), where).to.equal(last);
              signs += checkSigns(shown).length;
            }
          }
        }
      }
      expect(signs).to.be.above(15);
    });
  }
});
