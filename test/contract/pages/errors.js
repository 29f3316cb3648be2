// Collects what elements tell the page about, for trusted-types.test.ts.
window.errors = [];
window.addEventListener('rnn-error', ({ target, detail }) => {
  window.errors.push(`${target.localName}: ${detail.message}`);
});
