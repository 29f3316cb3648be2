// Recall against the gap: asks networks for a place, across more and more sentences, and counts.
import { distance, hiddenFigure } from './hidden-figure.js';

const places = ['village', 'city', 'forest', 'valley', 'castle', 'desert'];
const sentences = [
  'The cat sat on the mat.',
  'Birds sing in the old tree.',
  'The sun is warm today.',
  'Mother makes soup for us.',
  'The train was late again.',
  'We walk to the park.',
  'The clock on the wall is slow.',
  'Snow falls on the hills.',
];
const names = { rnn: 'Simple RNN', lstm: 'LSTM', gru: 'GRU' };
const inProse = { ...names, rnn: 'simple RNN' };

const story = (place, count) =>
  [
    `Tom lives in the ${place}.`,
    ...Array.from({ length: count }, (_, i) => sentences[i % sentences.length]),
    'Today Tom walks home to the',
  ].join(' ');

const made = (parent, tag, text = '') => {
  const element = parent.appendChild(document.createElement(tag));
  element.textContent = text;
  return element;
};

/** Mean distance between any two of the states. */
function apart(states) {
  const all = states.flatMap((a, i) => states.slice(0, i).map((b) => distance(a, b)));
  return all.reduce((sum, each) => sum + each, 0) / all.length;
}

/**
 * An empty table with a row for each cell and a column for each gap, which the button fills. With data-states it says
 * of the states, too, how far those of the six stories are from each other and how large a cell state has become.
 */
export function recallTable(table, button, output) {
  const cells = table.dataset.cells.split(' ');
  const gaps = table.dataset.gaps.split(' ');
  const head = made(made(table, 'thead'), 'tr');
  made(head, 'td');
  for (const gap of gaps) made(head, 'th', gap).scope = 'col';
  const body = made(table, 'tbody');
  /** A row; fills the field of a gap. */
  const row = (kind, cell, name) => {
    const line = made(body, 'tr');
    line.dataset[kind] = cell;
    made(line, 'th', name).scope = 'row';
    const fields = new Map(gaps.map((gap) => [gap, made(line, 'td', '–')]));
    return (gap, text) => Object.assign(fields.get(gap), { textContent: text });
  };
  const rows = new Map(cells.map((cell) => [cell, row('cell', cell, names[cell])]));
  const more = 'states' in table.dataset ? cells : [];
  const between = new Map(
    more.map((cell) => [cell, row('apart', cell, `${names[cell]}: states apart`)]),
  );
  const largest = new Map(
    more
      .filter((cell) => cell === 'lstm')
      .map((cell) => [cell, row('largest', cell, `${names[cell]}: largest cell state`)]),
  );

  let asked;
  button.addEventListener('click', async () => {
    if (button.ariaDisabled === 'true') return;
    button.ariaDisabled = 'true';
    let last = '';
    try {
      output.value = 'The networks are loading …';
      const figure = await (asked ??= hiddenFigure(cells));
      for (const gap of gaps) {
        const answers = new Map(cells.map((cell) => [cell, []]));
        const states = new Map(cells.map((cell) => [cell, []]));
        let most = 0;
        // a line a gap: screen readers say each of them
        output.value = `${gap} sentences in between …`;
        for (const place of places) {
          await figure.read(story(place, Number(gap)));
          for (const cell of cells) {
            answers.get(cell).push(figure.answer(cell));
            states.get(cell).push(figure.states(cell).at(-1));
          }
          for (const cell of largest.keys()) most = Math.max(most, figure.largest(cell));
          await new Promise((resolve) => setTimeout(resolve)); // the page goes on meanwhile
        }
        for (const cell of cells) {
          const count = answers.get(cell).filter((answer, i) => answer === places[i]).length;
          const field = rows.get(cell)(gap, count);
          field.dataset.right = count;
          field.style.setProperty('--share', count / places.length);
          between.get(cell)?.(gap, apart(states.get(cell)).toFixed(1));
          largest.get(cell)?.(gap, most.toFixed(0));
        }
        last = `With ${gap} sentences in between, ${cells
          .map((cell) => `the ${inProse[cell]} answers ${answers.get(cell).join(', ')}`)
          .join('; ')}. Right were ${places.join(', ')}.`;
      }
      output.value = last;
      table.dispatchEvent(new Event('measured'));
    } catch (error) {
      asked = undefined; // perhaps it works another time
      output.value = `That did not work: ${error.message}`;
    } finally {
      button.ariaDisabled = null;
    }
  });
}

/** How many of the six a cell got right at a gap; undefined before it was asked. */
export function rightAnswers(table, cell, gap) {
  const column = table.dataset.gaps.split(' ').indexOf(gap);
  const right = table.querySelector(`[data-cell=${cell}]`).cells[column + 1].dataset.right;
  return right === undefined ? undefined : Number(right);
}
