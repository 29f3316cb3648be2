// What the browser runs. The first import prepares Lit to take over what the server drew; it has to come first.

import '@lit-labs/ssr-client/lit-element-hydrate-support.js';
import 'rnn-elements/define/gate-diagram';
import 'rnn-elements/define/rnn-visualizer';

const reader = document.getElementById('reader');
const progress = document.getElementById('progress');

document.getElementById('cell').addEventListener('change', ({ target }) => {
  reader.setAttribute('cell', target.value);
});

document.getElementById('again').addEventListener('click', () => {
  reader.reset();
  progress.textContent = 'Nothing read yet.';
});

reader.addEventListener('rnn-step', ({ detail }) => {
  progress.textContent = `${detail.step} of ${detail.total} words read, the last one “${detail.word}”.`;
});
