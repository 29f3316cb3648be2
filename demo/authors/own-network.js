// Lets the figure of the page read a file of the reader's own.

const figure = document.getElementById('own');
const input = document.getElementById('file');
let address = '';

input.addEventListener('change', () => {
  const [file] = input.files;
  if (!file) return;
  URL.revokeObjectURL(address);
  address = URL.createObjectURL(file);
  figure.setAttribute('model', address);
  document.getElementById('chosen').value = `The figure above reads with ${file.name}.`;
  figure.scrollIntoView({ block: 'nearest' });
});
document.getElementById('try').hidden = false;
