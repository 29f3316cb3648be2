// A training in words and tables: the example, the networks compared, and every number behind the charts.

import type { TemplateResult } from 'lit';
import { answerCount, example } from '../../model/training/task.js';
import type { CellProgress, Evaluation, Recall } from '../../model/training/training.js';
import { amount } from '../../ui/amount.js';
import { lineKey } from './settings-form.js';
import {
  capital,
  lastRecall,
  listed,
  percent,
  recallByGap,
  share,
  underWay,
  type TrainerView,
} from './view.js';

/** Of a longer gap, so many words at either end are shown. */
const shownWords = 10;

/** A sentence of the task, with what matters marked. */
export function exampleSentence(view: TrainerView): TemplateResult {
  const { words, numbers, next, templates } = view;
  const { html, nothing } = templates;
  const tokens = example(next);
  const filler = tokens.flatMap(({ role }, i) => (role === 'filler' ? [i] : []));
  const [from, to] = [filler[shownWords], filler[filler.length - shownWords]];
  const cut = from !== undefined && to > from;
  const answer = tokens.find(({ role }) => role === 'answer')?.text ?? '';
  return html`<div class="example" part="example">
    <p>
      ${tokens.map(({ text, role }, i) => {
        if (cut && i >= from && i < to)
          return i === from
            ? html`<span class="filler"
                >${' '}${words.moreWords(filler.length - 2 * shownWords)}</span
              >`
            : nothing;
        const before = i === 0 || role === 'mark' ? '' : ' ';
        const inside = i > filler[0] && i <= filler[filler.length - 1] + 1 ? 'filler' : role;
        return role === 'answer'
          ? html` <span class="hidden">${words.answer} </span><mark class="answer">${text}</mark>`
          : html`${before}<span class=${inside}>${text}</span>`;
      })}
    </p>
    <p class="label">${words.exampleNote(next.gap, answer, numbers.percent(1 / answerCount))}</p>
  </div>`;
}

/** The networks side by side: how large, how fast, how good, since when. */
export function results(view: TrainerView): TemplateResult {
  const { words, strings, numbers, state, loaded, templates } = view;
  const { html, nothing } = templates;
  const { resultColumns: column } = words;
  return html`<div class="results">
    <table part="results">
      <caption class="hidden">
        ${words.results}
      </caption>
      <thead>
        <tr>
          ${[
            column.cell,
            column.parameters,
            column.milliseconds,
            column.recall,
            column.learnedAt,
          ].map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${state.cells.map((progress) => {
          const { cell, parameters, millisecondsPerStep, learnedAt } = progress;
          const recall = loaded.get(cell) ?? lastRecall(progress);
          return html`<tr>
            <th scope="row">${strings.cellName[cell]} ${lineKey(view, cell)}</th>
            <td>
              ${numbers.whole(parameters.network)}
              <small>${words.inTheCell(numbers.whole(parameters.cell))}</small>
            </td>
            <td>${millisecondsPerStep === null ? '–' : numbers.times(millisecondsPerStep)}</td>
            <td>${recall ? percent(recall, numbers) : '–'}</td>
            <td>
              ${
                loaded.has(cell)
                  ? words.loaded
                  : learnedAt !== null
                    ? words.chart.since(numbers.whole(learnedAt))
                    : state.step === 0
                      ? '–'
                      : underWay(state)
                        ? words.notYet
                        : words.never
              }
            </td>
          </tr>`;
        })}
      </tbody>
    </table>
    <div class="said">
      <p class="comparison">${comparison(view)}</p>
      ${loaded.size > 0 ? html`<p class="label">${words.loadedNote}</p>` : nothing}
      ${
        state.inWorker === null
          ? nothing
          : html`<p class="label">${words.where(state.inWorker, state.kernel !== 'reference')}</p>`
      }
    </div>
  </div>`;
}

/** Which gated cell is smaller, which learned first, which is faster: from the numbers of this run. */
function comparison({ words, strings, numbers, state }: TrainerView): string {
  const name = (progress: CellProgress): string => strings.theCell[progress.cell];
  const sentence = (text: string): string => capital(text, strings.language);
  const said: string[] = [];
  const gated = state.cells
    .filter(({ cell }) => cell !== 'rnn')
    .sort((a, b) => a.parameters.cell - b.parameters.cell);
  if (gated.length > 1) {
    const [small, large] = gated;
    const fewer = large.parameters.cell - small.parameters.cell;
    const less = numbers.percent(fewer / large.parameters.cell);
    said.push(sentence(words.fewer(name(small), numbers.whole(fewer), less, name(large))));
  }
  if (state.step > 0) {
    const moments = [...new Set(state.cells.map(({ learnedAt }) => learnedAt ?? Infinity))];
    const clauses = moments
      .sort((a, b) => a - b)
      .map((moment, i) => {
        const cells = state.cells.filter(({ learnedAt }) => (learnedAt ?? Infinity) === moment);
        const names = listed(cells.map(name), strings.language);
        if (moment === Infinity) return words.notLearned(names, cells.length, underWay(state));
        const clause = moments.length === 1 ? words.reached : i === 0 ? words.first : words.then;
        return clause(names, numbers.whole(moment));
      });
    said.push(`${sentence(clauses.join('; '))}.`);
  }
  return said.join(' ');
}

/** Mean loss of the answer over the steps since the evaluation before. */
function lossBefore({ answerLoss, evaluations }: CellProgress, i: number): number {
  const steps = answerLoss.subarray(i === 0 ? 0 : evaluations[i - 1].step, evaluations[i].step);
  return steps.reduce((sum, loss) => sum + loss, 0) / steps.length;
}

interface Numbers {
  readonly title: string;
  readonly columns: readonly string[];
  /** NaN where nothing was measured. */
  readonly rows: readonly (readonly number[])[];
}

const unmeasured: readonly Evaluation[] = [];
const unasked: Recall = { right: 0, asked: 0 };

/** Everything behind the charts, as two tables: over the training, and by gap. */
function allNumbers(view: TrainerView): readonly [Numbers, Numbers] {
  const { words, strings, state } = view;
  const { cells } = state;
  const name = ({ cell }: CellProgress): string => strings.cellName[cell];
  const evaluations = cells[0]?.evaluations ?? unmeasured;
  const byGap = cells.map((each) => recallByGap(view, each));
  const gaps = [...new Set(byGap.flatMap((known) => [...known.keys()]))].sort((a, b) => a - b);
  const { column } = words;
  return [
    {
      title: words.overSteps,
      columns: [
        column.step,
        ...[column.recall, column.loss, column.gradient].flatMap((title) =>
          cells.map((each) => title(name(each))),
        ),
      ],
      rows: evaluations.map(({ step }, i) => [
        step,
        ...cells.map((each) => share(each.evaluations[i]?.recall ?? unasked)),
        ...cells.map((each) => (each.evaluations[i] ? lossBefore(each, i) : NaN)),
        ...cells.map((each) => each.evaluations[i]?.firstWord ?? NaN),
      ]),
    },
    {
      title: words.overGaps,
      columns: [column.gap, ...cells.map((each) => column.recall(name(each)))],
      rows: gaps.map((gap) => [gap, ...byGap.map((known) => share(known.get(gap) ?? unasked))]),
    },
  ];
}

/** The tables that hold what the charts show. */
export function numbersTables(view: TrainerView, saveCsv: () => void): TemplateResult {
  const { words, strings, numbers, state, templates } = view;
  const { html } = templates;
  const cells = state.cells.length;
  const [overSteps, overGaps] = allNumbers(view);
  const write = (value: number, column: number, recallOnly: boolean): string => {
    if (Number.isNaN(value)) return '–';
    if (column === 0) return numbers.whole(value);
    if (recallOnly || column <= cells) return numbers.percent(value);
    return column <= 2 * cells ? numbers.quantity(value) : amount(value, strings.language);
  };
  const table = ({ title, columns, rows }: Numbers, recallOnly: boolean): TemplateResult =>
    html`<div class="scroll" role="region" tabindex="0" aria-label=${title}>
      <table part="table">
        <caption class="label">
          ${title}
        </caption>
        <thead>
          <tr>
            ${columns.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((value, i) =>
                  i === 0
                    ? html`<th scope="row">${write(value, i, recallOnly)}</th>`
                    : html`<td>${write(value, i, recallOnly)}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  return html`${table(overSteps, false)} ${table(overGaps, true)}
    <button type="button" class="plain" part="csv" @click=${saveCsv}>${words.csv}</button>`;
}

/** Both tables as CSV (RFC 4180), with full precision and an empty line between them. */
export function csvOf(view: TrainerView): string {
  const field = (text: string | number): string =>
    typeof text === 'number'
      ? Number.isNaN(text)
        ? ''
        : String(text)
      : `"${text.replaceAll('"', '""')}"`;
  return allNumbers(view)
    .map(({ columns, rows }) =>
      [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join(''),
    )
    .join('\r\n');
}

/** Who answered what across a gap, in one sentence. */
export function answersOf(
  { words, strings, numbers }: Pick<TrainerView, 'words' | 'strings' | 'numbers'>,
  answers: TrainerView['asked'] extends ReadonlyMap<number, infer Each> ? Each : never,
): string {
  return [...answers]
    .map(([cell, recall]) =>
      words.askedOf(
        strings.cellName[cell],
        percent(recall, numbers),
        numbers.whole(recall.right),
        numbers.whole(recall.asked),
      ),
    )
    .join('; ');
}
