// Cuts a reader's text into the words or characters a network steps through, in any script.

/** One step of a sequence. */
export interface Token {
  /** As typed. */
  readonly text: string;
  /** What the networks look up: compatibility-normalised, lower case, typographic marks made plain. */
  readonly key: string;
  /** A punctuation mark: a token like any other, but not a word. */
  readonly mark: boolean;
}

export type TokenMode = 'words' | 'characters';

const marks: Readonly<Record<string, string>> = {
  '…': '.',
  '。': '.',
  '．': '.',
  '؟': '?',
  '？': '?',
  '！': '!',
  '，': ',',
  '、': ',',
  '،': ',',
  ';': ',',
  ':': ',',
  '–': ',',
  '—': ',',
};

const apostrophes = /[\u2018\u2019\u201B\u02BC\uFF07]/g;
const onlyPunctuation = /^\p{P}+$/u;
const space = /\s/u;
/** White space, and controls that leave nothing to see (zero-width spaces, direction marks). */
const blank = /^[\s\p{Cc}\p{Cf}]*$/u;

/**
 * Splits a text. Words are found by `Intl.Segmenter`; punctuation marks are tokens of their own, equal marks in a row
 * count once; white space separates words and, among characters, is shown as “␣”.
 * @param locale language of the text, for scripts that write no spaces; the runtime's default if absent or unknown.
 */
export function tokenize(text: string, mode: TokenMode = 'words', locale?: string): Token[] {
  const tokens: Token[] = [];
  const words = mode === 'words';
  for (const segment of segments(
    words ? text : text.trim().replace(/\s+/gu, ' '),
    segmenter(words ? 'word' : 'grapheme', locale),
  )) {
    if (blank.test(segment)) {
      if (!words && space.test(segment)) tokens.push({ text: '␣', key: ' ', mark: true });
      continue;
    }
    const token = tokenOf(segment);
    const last = tokens[tokens.length - 1];
    if (words && token.mark && last?.mark && last.key === token.key) {
      tokens[tokens.length - 1] = { ...last, text: last.text + token.text };
      continue;
    }
    tokens.push(token);
  }
  return tokens;
}

function tokenOf(segment: string): Token {
  const mark = onlyPunctuation.test(segment);
  const key = segment.normalize('NFKC').toLowerCase().replace(apostrophes, "'");
  return { text: segment, key: mark ? (marks[segment] ?? marks[key] ?? key) : key, mark };
}

/**
 * Segments of a text, found piece by piece: in some engines the time of a segmenter grows with the square of the length.
 * The last few segments of a piece may go on behind its end, so the next piece begins with them.
 */
function* segments(text: string, segmenter: Intl.Segmenter): Generator<string> {
  const margin = 8;
  let size = pieceLength;
  for (let at = 0; at < text.length;) {
    const piece = Array.from(
      segmenter.segment(text.slice(at, at + size)),
      ({ segment }) => segment,
    );
    const last = at + size >= text.length;
    const sure = last ? piece.length : Math.max(0, piece.length - margin);
    for (let i = 0; i < sure; i++) {
      yield piece[i];
      at += piece[i].length;
    }
    size = sure > 0 ? pieceLength : 2 * size;
  }
}

/** In UTF-16 code units. */
const pieceLength = 1000;

function segmenter(granularity: 'word' | 'grapheme', locale: string | undefined): Intl.Segmenter {
  try {
    return new Intl.Segmenter(locale || undefined, { granularity });
  } catch {
    // a malformed `lang` must not take the element down
    return new Intl.Segmenter(undefined, { granularity });
  }
}

/** Index of the first token in which two texts differ; the shorter length if one begins with the other. */
export function commonPrefix(a: readonly Token[], b: readonly Token[]): number {
  const end = Math.min(a.length, b.length);
  let i = 0;
  while (i < end && a[i].key === b[i].key && a[i].mark === b[i].mark) i++;
  return i;
}

/** Puts tokens together again for reading aloud or into a text field: no space before a mark. */
export function joinTokens(tokens: readonly Token[], mode: TokenMode): string {
  if (mode === 'characters')
    return tokens.map(({ key, text }) => (key === ' ' ? ' ' : text)).join('');
  return tokens.reduce(
    (text, token, i) => text + (i > 0 && !token.mark ? ' ' : '') + token.text,
    '',
  );
}
