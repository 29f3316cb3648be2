// The machine's own limit: a WebAssembly function that does nothing but multiply and add, four float32 at a time.

/** Multiply-adds of one run. */
export const multiplyAdds = 3_840_000;

const simd = 0xfd;
const code = {
  get: (local) => [0x20, local],
  set: (local) => [0x21, local],
  number: (value) => [0x41, value],
  multiply: [simd, 0xe6, 0x01],
  add: [simd, 0xe4, 0x01],
  vector: (value) => [simd, 0x0c, ...new Uint8Array(new Float32Array(4).fill(value).buffer)],
  firstLane: [simd, 0x1f, 0],
  subtract: [0x6b],
  loop: [0x03, 0x40],
  againIf: [0x0d, 0],
  end: [0x0b],
};

function unsigned(value) {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
}

const sized = (bytes) => [...unsigned(bytes.length), ...bytes];
const section = (id, bytes) => [id, ...sized(bytes)];

/** A module whose `run(count)` does a = a·b + c `count` times on every accumulator; none waits for another. */
function moduleOf(accumulators) {
  const [i32, v128, f32] = [0x7f, 0x7b, 0x7d];
  const [count, b, c, first] = [0, 1, 2, 3]; // locals; accumulators from `first` on
  const all = Array.from({ length: accumulators }, (_, i) => first + i);
  const instructions = [
    ...[...code.vector(0.999), ...code.set(b), ...code.vector(0.5), ...code.set(c)],
    ...all.flatMap((a) => [...code.vector(a), ...code.set(a)]),
    ...code.loop,
    ...all.flatMap((a) => [
      ...[...code.get(a), ...code.get(b), ...code.multiply],
      ...[...code.get(c), ...code.add, ...code.set(a)],
    ]),
    ...[...code.get(count), ...code.number(1), ...code.subtract, ...code.set(count)],
    ...[...code.get(count), ...code.againIf, ...code.end],
    ...code.get(first),
    ...all.slice(1).flatMap((a) => [...code.get(a), ...code.add]),
    ...[...code.firstLane, ...code.end],
  ];
  const locals = [1, 2 + accumulators, v128]; // besides the parameter
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, i32, 1, f32]), // types: i32 → f32
    ...section(3, [1, 0]), // functions
    ...section(7, [1, ...sized([0x72, 0x75, 0x6e]), 0, 0]), // exports: run
    ...section(10, [1, ...sized([...locals, ...instructions])]), // code
  ]);
}

export async function open() {
  const ways = [];
  for (const accumulators of [8, 10, 12]) {
    const { instance } = await globalThis.WebAssembly.instantiate(moduleOf(accumulators));
    const count = multiplyAdds / (4 * accumulators);
    ways.push({
      name: `${accumulators} accumulators`,
      unchecked: 'nothing to compare',
      run: () => instance.exports.run(count),
      outputs: () => ({}),
    });
  }
  return { about: 'WebAssembly SIMD, multiply and add apart', prepare: () => ways };
}
