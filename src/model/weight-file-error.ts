// Why a weight file is refused: every reason has a code, the names and numbers it is about, and a message.

/** A name from the file as a message shows it: a file may hold names as long as a book. */
const short = (name: string): string => (name.length > 60 ? `${name.slice(0, 59)}…` : name);

/** Some names that were found, or that nothing was. */
function list(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  const more = names.length > 4 ? ` and ${names.length - 4} more` : '';
  return names.slice(0, 4).map(short).join(', ') + more;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** The messages in English, by code. Another language is one more object of this type. */
export const weightFileMessages = {
  // the container
  'too-large': () => 'the file is larger than 50 MB',
  'too-short': () => 'the file is too short to be a safetensors file',
  'torch-save': () =>
    'the file was written by torch.save, which Python alone can read; safetensors.torch.save_file writes one that can be read here',
  'web-page': () => 'this is a web page, no safetensors file',
  'header-size': (bytes: number) =>
    `no safetensors file: the header claims ${count(bytes, 'byte')}`,
  'header-json': () => 'the header is not valid JSON',
  'header-object': () => 'the header is not a JSON object',
  'metadata-object': () => '__metadata__ is not an object',
  'metadata-text': () => '__metadata__ holds something else than text',
  'tensor-count': (most: number) => `the file holds more than ${most} tensors`,
  'number-count': (most: number) => `the file holds more than ${most / 1e6} million numbers`,
  'tensor-entry': (tensor: string) => `tensor ${short(tensor)} has no description`,
  'element-type': (tensor: string, type: string) =>
    `tensor ${short(tensor)}: element type ${short(type)} is not supported; F64, F32, F16 and BF16 are`,
  'tensor-shape': (tensor: string) => `tensor ${short(tensor)} has no valid shape`,
  'tensor-offsets': (tensor: string) => `tensor ${short(tensor)} has no valid offsets`,
  'offsets-outside': (tensor: string) =>
    `the offsets of tensor ${short(tensor)} lie outside the file`,
  'offsets-shape': (tensor: string) =>
    `the offsets of tensor ${short(tensor)} do not fit its shape`,
  cover: () => 'tensors overlap or leave a gap',
  rest: (bytes: number) => `the file ends with ${count(bytes, 'byte')} of no tensor`,
  // the numbers
  'not-finite': (tensor: string) => `tensor ${short(tensor)} holds a number that is not finite`,
  'out-of-range': (tensor: string) =>
    `tensor ${short(tensor)} holds a number that is larger than float32 can hold`,
  int8: (tensor: string) =>
    `tensor ${short(tensor)} is I8, but no matrix with a scale for each row in ${short(tensor)}.scale`,
  // the cell
  'no-cell': (found: readonly string[]) =>
    `no nn.RNN, nn.LSTM or nn.GRU was found: the file holds no weight_hh_l0, but ${list(found)}`,
  'several-cells': (found: readonly string[]) =>
    `the file holds ${found.length} cells (${list(found)}); one is supported`,
  'cell-kind': (cell: string, layers: number, bidirectional: boolean, projected: boolean) => {
    const found = [
      ...(layers > 1 ? [`of ${layers} layers`] : []),
      ...(bidirectional ? ['in both directions'] : []),
      ...(projected ? ['with a projection'] : []),
    ];
    return `the file holds ${cell} ${found.join(', ')}; one layer, one direction, no projection is supported`;
  },
  'cell-blocks': (tensor: string, rows: number, columns: number) =>
    `${short(tensor)} is ${rows} × ${columns}; an RNN, a GRU and an LSTM have 1, 3 and 4 times as many rows as columns`,
  'cell-missing': (tensor: string) => `the cell has no ${short(tensor)}`,
  'cell-shape': (tensor: string, found: string, expected: string) =>
    `${short(tensor)} is ${found}, not ${expected}`,
  'cell-name': (claimed: string, found: string) =>
    `the metadata says that the cell is “${short(claimed)}”, but the weights are those of ${found}`,
  'cell-units': (units: number, most: number) =>
    `the cell has ${units} units; 1 to ${most} are supported`,
  'cell-inputs': (inputs: number, most: number) =>
    `the cell reads vectors of ${inputs} numbers; 1 to ${most} are supported`,
  nonlinearity: (name: string) =>
    `the metadata asks for the nonlinearity “${short(name)}”; tanh is supported, and in an RNN relu`,
  // the words
  'no-vocabulary': () =>
    'the metadata has no vocabulary: the words in the order of the embedding’s rows, as a JSON array or one a line',
  'vocabulary-json': () =>
    'the vocabulary in the metadata is no JSON array of words; it has to be one, or text with one word a line',
  'word-twice': (word: string) => `the vocabulary has “${short(word)}” twice`,
  'no-unknown-word': (word: string) =>
    `the metadata says that “${short(word)}” stands for unknown words, but the vocabulary does not have it`,
  'word-count': (words: number, tensor: string, rows: number) =>
    `the vocabulary has ${count(words, 'word')}, but ${short(tensor)} has ${count(rows, 'row')}`,
  // embedding and readout
  'no-embedding': (words: number, inputs: number, found: readonly string[]) =>
    `no embedding was found: a matrix of ${words} × ${inputs} (words × inputs of the cell) among ${list(found)}`,
  ambiguous: (candidates: readonly string[]) =>
    `neither shapes nor names tell which of ${list(candidates)} is the embedding and which the readout; names such as embedding.weight and readout.weight do`,
  'readout-size': (tensor: string, outputs: number, words: number) =>
    `${short(tensor)} has ${count(outputs, 'output')}, but a next-word prediction has one for each of the ${words} words; without that layer the file can be read, and shows states and memory`,
  'no-readout': () => 'the file has no readout',
  'extra-tensor': (tensor: string, shape: string) =>
    `${short(tensor)} (${shape}) belongs neither to an embedding nor to the cell nor to its readout, so this network would not be computed as it was trained`,
} satisfies Record<string, (...details: never[]) => string>;

/** The wording of every reason. */
export type WeightFileMessages = typeof weightFileMessages;

/** What is wrong with a weight file. */
export type WeightFileCode = keyof WeightFileMessages;

/** A code and what its message is about: names of tensors, sizes. */
type Reason = {
  [Code in WeightFileCode]: readonly [code: Code, ...details: Parameters<WeightFileMessages[Code]>];
}[WeightFileCode];

/** Why a weight file was refused. */
export class WeightFileError extends Error {
  override readonly name = 'WeightFileError';
  readonly code: WeightFileCode;
  /** What the code's message is made of, in its order. */
  readonly details: readonly (string | number | boolean | readonly string[])[];

  constructor(...[code, ...details]: Reason) {
    super((weightFileMessages[code] as (...all: readonly unknown[]) => string)(...details));
    this.code = code;
    this.details = details;
  }
}
