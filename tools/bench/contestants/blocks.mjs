// Rearranges weight matrices whose rows (or columns) come in blocks of H, from our order of the gates to a peer's and back.

/** Our order of the gates, as PyTorch's. */
const ours = { rnn: ['n'], gru: ['r', 'z', 'n'], lstm: ['i', 'f', 'g', 'o'] };

/** The blocks of `values` (each `values.length / G` numbers) put into `order`. */
export function toOrder(cell, order, values) {
  const size = values.length / order.length;
  return order.flatMap((gate) => {
    const at = ours[cell].indexOf(gate) * size;
    return Array.from(values.slice(at, at + size));
  });
}

/** The blocks of `values`, which stand in `order`, put into ours. */
export function fromOrder(cell, order, values) {
  const size = values.length / order.length;
  return ours[cell].flatMap((gate) => {
    const at = order.indexOf(gate) * size;
    return Array.from(values.slice(at, at + size));
  });
}

/** A row-major matrix of `columns` columns, transposed. */
export function transpose(values, columns) {
  const rows = values.length / columns;
  const result = new Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j];
  return result;
}
