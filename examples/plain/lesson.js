// What the page does with the figure: an attribute, a method and an event.

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
