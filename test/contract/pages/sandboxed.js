// Reads and trains on the page it is on, as a reader would, and tells the page around what came of it.
const visualizer = document.querySelector('rnn-visualizer');
const trainer = document.querySelector('rnn-trainer');
const seen = (element, selector) =>
  (element.shadowRoot.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();
const until = async (condition) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
};

async function use() {
  await until(() => seen(visualizer, '[part~=badge]').startsWith('Trained'));
  const next = visualizer.shadowRoot.querySelector('[part~=next]');
  while (next.getAttribute('aria-disabled') !== 'true') {
    next.click();
    await visualizer.updateComplete;
  }
  let complete = false;
  trainer.addEventListener('rnn-train-complete', () => (complete = true));
  await until(() => trainer.shadowRoot.querySelector('[part=start]'));
  trainer.shadowRoot.querySelector('[part=start]').click();
  await until(() => complete);
  await trainer.updateComplete;
  return {
    origin: window.origin,
    said: seen(visualizer, '[role=status]'),
    trained: /Trained [oi][^.]*\./.exec(seen(trainer, '[part=base]'))?.[0],
    requested: performance.getEntriesByType('resource').map(({ name }) => name),
    thrown: [...window.thrown, ...window.violations],
  };
}

use().then(
  (result) => window.parent.postMessage(result, '*'),
  (error) => window.parent.postMessage({ thrown: [String(error)] }, '*'),
);
