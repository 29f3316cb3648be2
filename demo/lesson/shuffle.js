// Words in another order: what becomes of the state of each of them, and of the last one.
import { distance, hiddenFigure } from './hidden-figure.js';

const words = ['dog', 'bites', 'man'];
const cells = ['feedforward', 'rnn'];

export function shuffling(figure) {
  const table = document.getElementById('apart');
  let measuring;

  /** Draws the table anew for the words as they stand. */
  const draw = async () => {
    const order = figure.getAttribute('text').split(' ');
    measuring ??= hiddenFigure(cells).then(async (hidden) => {
      await hidden.read(words.join(' '));
      const original = new Map(cells.map((cell) => [cell, hidden.states(cell)]));
      return { hidden, original };
    });
    const { hidden, original } = await measuring;
    await hidden.read(order.join(' '));
    if (figure.getAttribute('text') !== order.join(' ')) return; // changed meanwhile
    for (const row of table.tBodies[0].rows) {
      const states = hidden.states(row.dataset.cell);
      const before = original.get(row.dataset.cell);
      const apart = words.map((word, i) => distance(states[order.indexOf(word)], before[i]));
      apart.push(distance(states.at(-1), before.at(-1)));
      apart.forEach((each, i) => {
        row.cells[i + 1].textContent = each === 0 ? '0' : each.toFixed(2);
      });
    }
  };

  const seen = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    seen.disconnect();
    void draw();
    new MutationObserver(() => {
      figure.seek(words.length);
      void draw();
    }).observe(figure, { attributeFilter: ['text'] });
  });
  seen.observe(table);

  document.getElementById('shuffle').addEventListener('click', () => {
    const before = figure.getAttribute('text');
    let order;
    do {
      order = words
        .map((word) => [Math.random(), word])
        .sort()
        .map(([, word]) => word)
        .join(' ');
    } while (order === before);
    figure.setAttribute('text', order);
  });
}
