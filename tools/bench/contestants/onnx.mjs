// Writes ONNX models of one recurrent layer: the few protobuf messages of onnx.proto that take part.

const FLOAT = 1;
const INT = 2;
const text = new globalThis.TextEncoder();

function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

/** A message from its fields `[number, value]`: numbers are varints, text and bytes (messages too) have their length before them. */
function message(...fields) {
  const parts = fields.map(([number, value]) => {
    if (typeof value === 'number')
      return Uint8Array.from([...varint(number << 3), ...varint(value)]);
    const bytes = typeof value === 'string' ? text.encode(value) : value;
    const head = [...varint((number << 3) | 2), ...varint(bytes.length)];
    const part = new Uint8Array(head.length + bytes.length);
    part.set(head);
    part.set(bytes, head.length);
    return part;
  });
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const tensor = (name, dims, values) =>
  message(
    ...dims.map((size) => [1, size]),
    [2, FLOAT],
    [8, name],
    [9, new Uint8Array(Float32Array.from(values).buffer)],
  );

/** A float input or output of fixed shape. */
const port = (name, dims) => {
  const shape = message(...dims.map((size) => [1, message([1, size])]));
  return message([1, name], [2, message([1, message([1, FLOAT], [2, shape])])]);
};

const attribute = (name, value) => message([1, name], [3, value], [20, INT]);

/**
 * A model x → y of one node `op` (LSTM, GRU, RNN).
 * @param tensors initialisers `{name, dims, values}`, inputs 1, 2, … of the node.
 */
export function recurrentModel(op, { tensors, attributes, input, output }) {
  const node = message(
    ...['x', ...tensors.map(({ name }) => name)].map((name) => [1, name]),
    [2, 'y'],
    [4, op],
    ...Object.entries(attributes).map(([name, value]) => [5, attribute(name, value)]),
  );
  const graph = message(
    [1, node],
    [2, op],
    ...tensors.map(({ name, dims, values }) => [5, tensor(name, dims, values)]),
    [11, port('x', input)],
    [12, port('y', output)],
  );
  // IR version 8; operators of version 14
  return message([1, 8], [7, graph], [8, message([1, ''], [2, 14])]);
}
