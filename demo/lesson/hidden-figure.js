// A figure that nobody sees, for the measurements of the page: the same networks as in those that are seen.

/** Euclidean distance of two states. */
export const distance = (a, b) => Math.hypot(...a.map((value, i) => value - b[i]));

/** Reads texts with the trained networks of some cells; resolves when they are there. */
export async function hiddenFigure(cells) {
  const figure = document.createElement('rnn-visualizer');
  figure.hidden = true;
  for (const [name, value] of [
    ['compare', cells.join(' ')],
    ['model', 'story'],
    ['loading', 'eager'],
    ['controls', 'none'],
    ['text', 'The'],
  ]) {
    figure.setAttribute(name, value);
  }
  const ready = new Promise((resolve, reject) => {
    figure.addEventListener('rnn-ready', resolve, { once: true });
    figure.addEventListener('rnn-error', ({ detail }) => reject(new Error(detail.message)));
  });
  document.body.append(figure);
  await ready;
  return {
    /** Reads a text to its end. */
    async read(text) {
      figure.setAttribute('text', text);
      await figure.updateComplete;
      figure.seek(Infinity);
    },
    /** What a cell answers then. */
    answer: (cell) => figure.predictionsFor(cell, 1)[0].word,
    /** The largest number in its cell state, whatever its sign. */
    largest(cell) {
      const { c, hiddenSize } = figure.traceFor(cell);
      return Math.max(...c.subarray(-hiddenSize).map(Math.abs));
    },
    /** Its hidden state after each word. */
    states(cell) {
      const { h, length, hiddenSize } = figure.traceFor(cell);
      return Array.from({ length }, (_, t) => h.subarray(t * hiddenSize, (t + 1) * hiddenSize));
    },
  };
}
