export const alphabet: string;
export const small: number;

/** Bytes as text, of which gzip takes few bits for numbers from −`small` to `small`. */
export function encode(bytes: Uint8Array): string;

/** Text as base64 of the bytes; with `alphabet` and `small` from here. */
export function decode(text: string, alphabet: string, small: number): string;
