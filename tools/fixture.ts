// `npm run fixture`: writes test/fixtures/by-hand.safetensors, an LSTM whose every number was chosen by hand.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeSafetensors, type Tensor } from '../src/model/safetensors.js';

/**
 * It remembers which colour it has read last, and says it after “is”. A word is three numbers: is it “red”, is it “blue”,
 * is it “is”. A colour shuts the forget gates and opens the input gates; all other words do the opposite. So c is (1, −1)
 * after “red” and (−1, 1) after “blue”, whatever follows. The output gates open at “is” alone: there h is ±tanh 1, and
 * the readout expects the colour of the larger unit.
 */
export const words = ['<unk>', 'anna', 'has', 'a', 'red', 'blue', 'kite', 'the', 'is', '.'];

/** How far a gate is pushed open or shut: σ(±12) is 1 or 0 but for 6e-6. */
const far = 12;

export function byHand(): Uint8Array {
  const tensors = new Map<string, Tensor>();
  const add = (name: string, rows: readonly (readonly number[])[], vector = false): void => {
    const values = Float32Array.from(rows.flat());
    const shape = vector ? [values.length] : [rows.length, rows[0].length];
    const bytes = new Uint8Array(4 * values.length);
    const view = new DataView(bytes.buffer);
    values.forEach((value, i) => {
      view.setFloat32(4 * i, value, true);
    });
    tensors.set(name, { type: 'F32', shape, bytes });
  };
  add(
    'emb.weight',
    words.map((word) => ['red', 'blue', 'is'].map((each) => (each === word ? 1 : 0))),
  );
  // rows of two units each: input gate, forget gate, candidate, output gate
  const colour = [2 * far, 2 * far, 0];
  const forget = [-2 * far, -2 * far, 0];
  add('lstm.weight_ih_l0', [
    colour,
    colour,
    forget,
    forget,
    [far, -far, 0],
    [-far, far, 0],
    [0, 0, 2 * far],
    [0, 0, 2 * far],
  ]);
  add(
    'lstm.weight_hh_l0',
    Array.from({ length: 8 }, () => [0, 0]),
  );
  const bias = [-far, -far, far, far, 0, 0, -far, -far];
  add('lstm.bias_ih_l0', [bias], true);
  add('lstm.bias_hh_l0', [bias.map(() => 0)], true);
  add(
    'fc.weight',
    words.map((word) => (word === 'red' ? [3, -3] : word === 'blue' ? [-3, 3] : [0, 0])),
  );
  add('fc.bias', [words.map((word) => (word === '<unk>' ? -5 : 0))], true);
  return writeSafetensors({ tensors, metadata: { vocabulary: JSON.stringify(words) } });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = new URL('../test/fixtures/by-hand.safetensors', import.meta.url);
  const bytes = byHand();
  writeFileSync(file, bytes);
  console.log(`${bytes.length} bytes`);
}
