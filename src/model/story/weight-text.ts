// Weight files as text: what the modules of the story networks hold, since a script module cannot hold bytes.

/**
 * The largest integer in a matrix of the story networks, which makes 31 levels from −15 to 15. With the 255 that a byte
 * has room for, a page would load half as much again, and the standalone script would be too large. LSTM and GRU still
 * answer every question up to 80 words after the fact; docs/recall.md says what the rounding costs beyond.
 */
export const storyLimit = 15;

/** What may stand in any string, template and page as it is. */
export const alphabet = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))
  .filter((character) => !`'"\`\\$<`.includes(character))
  .join('');

/** How many bytes have a character of their own: those from −15 to 15. */
export const singles = 2 * storyLimit + 1;

/**
 * The bytes of a text. Small numbers are one character each, all others two: gzip packs that tighter than base64, whose
 * characters cut across bytes.
 */
export function bytesOf(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const at = alphabet.indexOf(text[i]);
    bytes.push(
      at < singles
        ? at - storyLimit
        : (at - singles) * alphabet.length + alphabet.indexOf(text[++i]) + storyLimit + 1,
    );
  }
  return Uint8Array.from(bytes);
}
