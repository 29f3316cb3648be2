// What one more word costs: counted for layers of width 64, by how many words came before.

const width = 64;
const square = width * width;
const scale = [1, 2, 5];

export function costs() {
  const slider = document.getElementById('length');
  const count = (name, value) => {
    for (const each of document.querySelectorAll(`[data-count=${name}]`)) {
      each.textContent = value.toLocaleString('en');
    }
  };
  const draw = () => {
    const at = Number(slider.value);
    const n = scale[at % scale.length] * 10 ** (1 + Math.floor(at / scale.length));
    count('n', n);
    count('gru-state', width);
    count('gru-work', 6 * square + 3 * width);
    count('lstm-state', 2 * width);
    count('lstm-work', 8 * square + 3 * width);
    count('attention-state', 2 * width * n);
    count('attention-work', 4 * square + 2 * width * n);
    document.getElementById('length-text').value = n.toLocaleString('en');
    slider.ariaValueText = n.toLocaleString('en');
  };
  slider.addEventListener('input', draw);
  draw();
}
