// The lesson on paper: figures that nobody has come near yet are woken before they are printed.

const figures = () =>
  document.querySelectorAll('rnn-visualizer, gate-diagram, gradient-plot, rnn-trainer, rnn-quiz');

/** Lets every figure load, wherever it is. */
function wakeAll() {
  for (const figure of figures()) if (!figure.closest('[hidden]')) figure.loading = 'eager';
}

/** Resolves when the figures that read a text have their weights, or have said that something went wrong. */
const awake = () =>
  Promise.all(
    [...document.querySelectorAll('rnn-visualizer')]
      .filter((figure) => !figure.closest('[hidden]') && figure.trace === null)
      .map(
        (figure) =>
          new Promise((resolve) => {
            for (const type of ['rnn-ready', 'rnn-error'])
              figure.addEventListener(type, resolve, { once: true });
          }),
      ),
  );

/** A button that prints the page, figures as their reader left them. */
export function handout(button) {
  button.addEventListener('click', async () => {
    if (button.ariaDisabled === 'true') return;
    button.ariaDisabled = 'true';
    const ready = awake();
    wakeAll();
    await ready;
    await Promise.all([...figures()].map((figure) => figure.updateComplete));
    // what follows another figure draws a moment after it
    await new Promise((resolve) => setTimeout(resolve, 300));
    button.ariaDisabled = 'false';
    window.print();
  });
  // from the browser's menu there is no time to wait, but a second time all of them are there
  window.addEventListener('beforeprint', wakeAll);
}
