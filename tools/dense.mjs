// Bytes as text for a script: where most are small numbers, gzip packs it tighter than base64, whose characters cut across bytes.

/** What stands in any string, template and page as it is. */
export const alphabet = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))
  .filter((character) => !`'"\`\\$<`.includes(character))
  .join('');

/** Numbers from −15 to 15 are one character each, all other bytes two. */
export const small = 15;

/** Bytes as text. */
export function encode(bytes) {
  const singles = 2 * small + 1;
  return Array.from(bytes, (byte) => {
    const number = (byte << 24) >> 24;
    if (Math.abs(number) <= small) return alphabet[number + small];
    const rest = byte - small - 1;
    const { length } = alphabet;
    return alphabet[singles + Math.floor(rest / length)] + alphabet[rest % length];
  }).join('');
}

/** Text as base64 of the bytes. Its source goes into the standalone script, so it uses nothing but what it is given. */
export function decode(text, alphabet, small) {
  let bytes = '';
  let first = -1; // of two characters
  for (const character of text) {
    const at = alphabet.indexOf(character);
    if (first < 0 && at > 2 * small) first = at - 2 * small - 1;
    else if (first < 0) bytes += String.fromCharCode((at - small) & 255);
    else {
      bytes += String.fromCharCode(first * alphabet.length + at + small + 1);
      first = -1;
    }
  }
  return globalThis.btoa(bytes);
}
