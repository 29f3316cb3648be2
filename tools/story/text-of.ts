// The inverse of src/model/story/weight-text.ts: bytes as the text that the modules of the story networks hold.

import { alphabet, singles, storyLimit } from '../../src/model/story/weight-text.js';

/** Bytes as text, of which gzip takes few bits for small numbers. */
export function textOf(bytes: Uint8Array): string {
  return Array.from(Int8Array.from(bytes), (number, i) => {
    if (Math.abs(number) <= storyLimit) return alphabet[number + storyLimit];
    const rest = bytes[i] - storyLimit - 1;
    return (
      alphabet[singles + Math.floor(rest / alphabet.length)] + alphabet[rest % alphabet.length]
    );
  }).join('');
}
