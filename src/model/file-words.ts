// The vocabulary in a weight file's metadata: its words, and which of them stands for unknown ones.

import { WeightFileError } from './weight-file-error.js';

/** Names that are taken for the unknown-word token if the metadata names none. */
const customary = ['<unk>', '[UNK]', '<UNK>', 'unk'];

/** @throws WeightFileError for a vocabulary that is missing, unreadable or ambiguous. */
export function readWords(metadata: Readonly<Record<string, string>>): {
  readonly words: readonly string[];
  readonly unknown: number | null;
} {
  const words = split(metadata['vocabulary'] ?? '');
  const rows = new Map<string, number>();
  words.forEach((word, row) => {
    if (rows.has(word)) throw new WeightFileError('word-twice', word);
    rows.set(word, row);
  });
  const named = metadata['unknown'];
  if (named !== undefined && !rows.has(named)) throw new WeightFileError('no-unknown-word', named);
  const token = named ?? customary.find((name) => rows.has(name)) ?? '';
  return { words, unknown: rows.get(token) ?? null };
}

/** A JSON array of words, or one word a line. */
function split(text: string): readonly string[] {
  const words = text.startsWith('[') || text.startsWith('{') ? parse(text) : null;
  const list = words ?? text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (text === '' || list.length === 0) throw new WeightFileError('no-vocabulary');
  return list;
}

/** Null for text that is none of JSON: its first word may be “[PAD]”. */
function parse(text: string): readonly string[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (/^[[{]\s*"/.test(text)) throw new WeightFileError('vocabulary-json');
    return null;
  }
  if (Array.isArray(value) && value.every((word) => typeof word === 'string')) return value;
  throw new WeightFileError('vocabulary-json');
}
