// The lesson on paper: what nobody has come near or asked for yet is drawn and asked before it is printed.

/** Those that a reader can see (others measure, unseen, for the page). */
const figures = () =>
  [
    ...document.querySelectorAll(
      'rnn-visualizer, gate-diagram, gradient-plot, rnn-trainer, rnn-quiz',
    ),
  ].filter((figure) => !figure.closest('[hidden]'));

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Lets every figure load, wherever it is. */
function wakeAll() {
  for (const figure of figures()) figure.loading = 'eager';
}

/** Resolves when the figures that read a text have their weights, or have said that something went wrong. */
const awake = () =>
  Promise.all(
    figures()
      .filter((figure) => figure.localName === 'rnn-visualizer' && figure.trace === null)
      .map(
        (figure) =>
          new Promise((resolve) => {
            for (const type of ['rnn-ready', 'rnn-error'])
              figure.addEventListener(type, resolve, { once: true });
          }),
      ),
  );

/** Measures for the tables that nobody has filled yet. */
async function askAll() {
  for (const button of document.querySelectorAll('[data-measure]')) {
    const table = document.getElementById(button.dataset.measure);
    if (!table.querySelector('[data-right]')) button.click();
    while (button.ariaDisabled === 'true') await pause(50);
  }
}

/** A button that prints the page, figures as their reader left them. */
export function handout(button, output) {
  button.addEventListener('click', async () => {
    if (button.ariaDisabled === 'true') return;
    button.ariaDisabled = 'true';
    output.value = 'Drawing and asking what has not been seen yet …';
    const ready = awake();
    wakeAll();
    await Promise.all([ready, askAll()]);
    await Promise.all(figures().map((figure) => figure.updateComplete));
    await pause(300); // what follows another figure draws a moment after it
    button.ariaDisabled = null;
    output.value = '';
    window.print();
  });
  // from the browser's menu there is no time to wait, but a second time all of them are there
  window.addEventListener('beforeprint', wakeAll);
}
