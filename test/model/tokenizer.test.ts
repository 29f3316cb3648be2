// How a reader's text becomes steps: words, marks and characters, in any script and from any keyboard.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  commonPrefix,
  joinTokens,
  tokenize,
  type Token,
  type TokenMode,
} from '../../src/model/tokenizer.js';

const texts = (text: string, mode: TokenMode = 'words', locale = 'en'): string[] =>
  tokenize(text, mode, locale).map((token) => token.text);
const keys = (text: string, mode: TokenMode = 'words', locale = 'en'): string[] =>
  tokenize(text, mode, locale).map((token) => token.key);
const marks = (text: string): boolean[] => tokenize(text, 'words', 'en').map(({ mark }) => mark);

test('words and marks are tokens, white space is none', () => {
  assert.deepEqual(tokenize('The cat, it sat.', 'words', 'en'), [
    { text: 'The', key: 'the', mark: false },
    { text: 'cat', key: 'cat', mark: false },
    { text: ',', key: ',', mark: true },
    { text: 'it', key: 'it', mark: false },
    { text: 'sat', key: 'sat', mark: false },
    { text: '.', key: '.', mark: true },
  ]);
  assert.deepEqual(texts('  a \t b\r\n\n c\u00A0d\u3000e '), ['a', 'b', 'c', 'd', 'e']);
});

test('words are the default', () => {
  assert.deepEqual(tokenize('red kite'), tokenize('red kite', 'words'));
});

test('equal marks in a row count once and are shown as typed', () => {
  for (const dots of ['...', '…', '. . .', '……', '....']) {
    assert.deepEqual(keys(`wait${dots} what`), ['wait', '.', 'what'], dots);
  }
  assert.deepEqual(texts('wait... what??'), ['wait', '...', 'what', '??']);
  assert.deepEqual(keys('what?!'), ['what', '?', '!'], 'other marks stay apart');
  assert.deepEqual(keys('no no no'), ['no', 'no', 'no'], 'words are not merged');
});

test('marks of other keyboards and scripts read as plain ones', () => {
  const plain: Record<string, string> = {
    '.': '…。．',
    '?': '？؟',
    '!': '！',
    ',': '，、،;:；：–—',
  };
  for (const [key, others] of Object.entries(plain)) {
    for (const mark of texts(key + others, 'characters')) {
      const [, token, ...rest] = tokenize(`a${mark} b`, 'words', 'en');
      assert.deepEqual(token, { text: mark, key, mark: true });
      assert.equal(rest.length, 1);
    }
  }
});

test('typographic apostrophes stand inside words as plain ones', () => {
  for (const apostrophe of ["'", '’', '‘', 'ʼ']) {
    assert.deepEqual(keys(`Don${apostrophe}t go`), ["don't", 'go'], apostrophe);
  }
  assert.deepEqual(texts('Don’t'), ['Don’t'], 'shown as typed');
});

test('quotation marks are marks of their own, in every style', () => {
  for (const [open, close] of ['“”', '""', '„“', '«»', '‘’', "''", '「」', '()', '[]']) {
    const found = tokenize(`she said ${open}red${close}.`, 'words', 'en');
    assert.deepEqual(
      found.map(({ text, mark }) => (mark ? [text] : text)),
      ['she', 'said', [open], 'red', [close], ['.']],
      open + close,
    );
  }
});

test('capitals, wide letters and ligatures find the same word', () => {
  assert.deepEqual(keys('KITE Kite kite Ｋｉｔｅ'), ['kite', 'kite', 'kite', 'kite']);
  assert.deepEqual(keys('ﬁsh ÉTÉ'), ['fish', 'été']);
  assert.deepEqual(keys('cafe\u0301'), keys('caf\u00e9'), 'composed and decomposed');
  assert.deepEqual(texts('Ｋｉｔｅ'), ['Ｋｉｔｅ'], 'shown as typed');
});

test('numbers and abbreviations keep their inner marks', () => {
  assert.deepEqual(texts('3.14 costs 1,000'), ['3.14', 'costs', '1,000']);
  assert.deepEqual(texts('a well-known word'), ['a', 'well', '-', 'known', 'word']);
});

test('an emoji is one word, however many code points it has', () => {
  const emoji = ['🪁', '👨‍👩‍👧‍👦', '🇩🇪', '👍🏽', '❤️', '🏳️‍🌈', '1️⃣'];
  for (const each of emoji) {
    assert.deepEqual(texts(`a ${each} b`), ['a', each, 'b'], each);
    assert.deepEqual(texts(each, 'characters'), [each], each);
  }
  assert.deepEqual(texts('🇩🇪🇫🇷'), ['🇩🇪', '🇫🇷']);
  assert.deepEqual(marks('🪁 ❤️'), [false, false]);
});

test('scripts without spaces are cut into words', () => {
  assert.deepEqual(keys('我爱北京。', 'words', 'zh'), ['我', '爱', '北京', '.']);
  assert.deepEqual(keys('猫がいます。', 'words', 'ja').at(-1), '.');
  assert.ok(texts('猫がいます', 'words', 'ja').length > 1);
  assert.deepEqual(texts('ภาษาไทย', 'words', 'th'), ['ภาษา', 'ไทย']);
  for (const text of ['我爱北京天安门', 'ภาษาไทยง่ายนิดเดียว']) {
    assert.equal(texts(text).join(''), text, 'nothing is lost');
  }
});

test('scripts from right to left keep their order and their marks', () => {
  assert.deepEqual(texts('السلام عليكم؟', 'words', 'ar'), ['السلام', 'عليكم', '؟']);
  assert.deepEqual(keys('السلام عليكم؟', 'words', 'ar').at(-1), '?');
  assert.deepEqual(texts('שלום, עולם!', 'words', 'he'), ['שלום', ',', 'עולם', '!']);
  assert.deepEqual(texts('\u200Fשלום\u200F עולם', 'words', 'he').length, 2);
});

test('what leaves nothing to see is no token', () => {
  for (const invisible of ['\u200B', '\u200E', '\u2060', '\uFEFF', '\u0000', '\u001B']) {
    assert.deepEqual(texts(`a ${invisible} b`), ['a', 'b'], invisible.charCodeAt(0).toString(16));
    assert.deepEqual(texts(invisible, 'characters'), [], invisible.charCodeAt(0).toString(16));
  }
});

test('half of a surrogate pair is a token, not an error', () => {
  assert.equal(tokenize('a \uD83E b', 'words', 'en').length, 3);
  assert.equal(tokenize('\uDE81', 'characters').length, 1);
});

test('HTML is text', () => {
  const html = '<img src=x onerror="alert(1)"> &amp; <script>';
  assert.equal(texts(html).join(''), html.replaceAll(' ', ''));
  assert.equal(texts(html, 'characters').join(''), html.replaceAll(' ', '␣'));
});

test('characters are grapheme clusters, and spaces are shown', () => {
  assert.deepEqual(tokenize('aB ?', 'characters'), [
    { text: 'a', key: 'a', mark: false },
    { text: 'B', key: 'b', mark: false },
    { text: '␣', key: ' ', mark: true },
    { text: '?', key: '?', mark: true },
  ]);
  assert.deepEqual(texts('e\u0301x\u0327', 'characters'), ['e\u0301', 'x\u0327']);
  assert.deepEqual(texts('हिन्दी', 'characters').join(''), 'हिन्दी');
  assert.ok(texts('हिन्दी', 'characters').length < 'हिन्दी'.length);
  assert.deepEqual(texts('\n a\t\r\n  b \n', 'characters'), ['a', '␣', 'b'], 'runs count once');
  assert.deepEqual(texts('...!', 'characters'), ['.', '.', '.', '!'], 'marks are not merged');
});

test('a broken locale is as good as none', () => {
  for (const mode of ['words', 'characters'] as const) {
    const expected = tokenize('The red kite.', mode);
    for (const locale of ['x', 'en_US!!', '-', '🪁', 'x'.repeat(1000), '', 'tlh', undefined]) {
      assert.deepEqual(tokenize('The red kite.', mode, locale), expected, locale);
    }
  }
});

test('nothing to read gives no tokens', () => {
  for (const text of ['', ' ', '\n\t\r', '\u00A0\u3000']) {
    assert.deepEqual(tokenize(text, 'words'), []);
    assert.deepEqual(tokenize(text, 'characters'), []);
  }
});

/** Runs `work` and tells how long the texts were that it gave to `Intl.Segmenter`. */
function segmented(work: () => void): number[] {
  const lengths: number[] = [];
  const original = Object.getOwnPropertyDescriptor(Intl, 'Segmenter')!;
  class Counting extends Intl.Segmenter {
    override segment(input: string): Intl.Segments {
      lengths.push(input.length);
      return super.segment(input);
    }
  }
  Object.defineProperty(Intl, 'Segmenter', { ...original, value: Counting });
  try {
    work();
  } finally {
    Object.defineProperty(Intl, 'Segmenter', original);
  }
  return lengths;
}

test('100,000 words are cut in pieces, since the time of a segmenter may grow with the square', () => {
  const count = 100_000;
  const text = 'kite, '.repeat(count);
  const lengths = segmented(() => {
    const tokens = tokenize(text, 'words', 'en');
    assert.equal(tokens.length, 2 * count);
    assert.deepEqual(tokens.at(-2), { text: 'kite', key: 'kite', mark: false });
    assert.ok(tokens.every(({ key }, i) => key === (i % 2 ? ',' : 'kite')));
  });
  assert.ok(Math.max(...lengths) <= 4000, `a piece of ${Math.max(...lengths)}`);
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  assert.ok(whole < 1.2 * text.length, `${whole} code units for a text of ${text.length}`);
});

test('one endless word or mark is one token', () => {
  for (const text of ['a'.repeat(100_000), '.'.repeat(100_000), `a${'\u0301'.repeat(100_000)}`]) {
    let tokens: Token[] = [];
    const lengths = segmented(() => {
      tokens = tokenize(text, 'words', 'en');
    });
    assert.deepEqual(
      tokens.map((token) => token.text.length),
      [text.length],
    );
    const whole = lengths.reduce((sum, length) => sum + length, 0);
    assert.ok(whole < 4 * text.length, `${whole} code units`);
  }
});

test('where a long text is cut into pieces makes no difference', () => {
  const sentence = 'I’m 3.14 🇩🇪🇫🇷👨‍👩‍👧‍👦e\u0301x 我爱北京。ab:cd_e ภาษาไทย\n\n… “שלום”; ';
  for (const mode of ['words', 'characters'] as const) {
    const period = tokenize(sentence, mode, 'en');
    if (mode === 'characters') period.push({ text: '␣', key: ' ', mark: true });
    for (let shift = 0; shift < 40; shift++) {
      // a word of its own length first, so that the pieces end elsewhere each time
      const lead = `${'x'.repeat(1 + shift)} `;
      const expected = tokenize(lead, mode, 'en');
      if (mode === 'characters') expected.push({ text: '␣', key: ' ', mark: true });
      for (let i = 0; i < 50; i++) expected.push(...period);
      if (mode === 'characters') expected.pop();
      assert.deepEqual(tokenize(lead + sentence.repeat(50), mode, 'en'), expected);
    }
  }
});

const samples = [
  'Anna has a red kite. The cat sat on the mat. The kite of Anna is',
  'Wait... “Don’t,” she said – why?! It costs 3.14 (or 1,000).',
  'https://a.example/b?c=d&e <img src=x onerror=alert(1)>',
  '我爱北京天安门。ภาษาไทย السلام عليكم؟ שלום, עולם!',
  '👨‍👩‍👧‍👦 🇩🇪🇫🇷 👍🏽 rock ’n’ roll',
];

test('tokens put together are cut into the same tokens again', () => {
  for (const mode of ['words', 'characters'] as const) {
    for (const text of samples) {
      const tokens = tokenize(text, mode, 'en');
      assert.deepEqual(tokenize(joinTokens(tokens, mode), mode, 'en'), tokens, `${mode}: ${text}`);
    }
  }
});

test('joined words have no space before a mark; joined characters are the text', () => {
  const join = (text: string, mode: TokenMode): string => joinTokens(tokenize(text, mode), mode);
  assert.equal(join('  The  cat , it sat . ', 'words'), 'The cat, it sat.');
  assert.equal(join('The cat, it sat.', 'characters'), 'The cat, it sat.');
  assert.equal(joinTokens([], 'words'), '');
  assert.equal(joinTokens([], 'characters'), '');
});

test('the common prefix is what two texts would read alike', () => {
  const of = (a: string, b: string): number => commonPrefix(tokenize(a), tokenize(b));
  assert.equal(of('the red kite', 'the red kite'), 3);
  assert.equal(of('the red kite', 'the blue kite'), 1);
  assert.equal(of('the red', 'the red kite'), 2);
  assert.equal(of('the red kite', 'the red'), 2);
  assert.equal(of('The RED', 'the red kite'), 2, 'case does not matter');
  assert.equal(of('wait… no', 'wait... yes'), 2, 'nor does the style of a mark');
  assert.equal(of('a', 'b'), 0);
  assert.equal(of('', 'a'), 0);
  const word: Token = { text: 'ʼ', key: "'", mark: false };
  const mark: Token = { text: "'", key: "'", mark: true };
  assert.equal(commonPrefix([word], [mark]), 0, 'a mark is read otherwise than a word');
});
