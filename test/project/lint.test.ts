// The linter refuses what strict pages would: styles in templates, and text that is parsed as HTML.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';

const eslint = new ESLint({
  cwd: fileURLToPath(new URL('../../', import.meta.url)),
  // what asks for no types: those take seconds
  ruleFilter: ({ ruleId }) => /^no-restricted-(syntax|imports)$/.test(ruleId),
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
});

/** What is said against code in files of the elements: one that comes with the bundle, and a part with given templates. */
async function complaints(code: string): Promise<string[][]> {
  const files = ['src/elements/rnn-visualizer/parts.ts', 'src/elements/rnn-quiz/panel.ts'];
  const results = await Promise.all(
    files.map((filePath) => eslint.lintText(code, { filePath, warnIgnored: true })),
  );
  return results.map(([{ messages }]) =>
    messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
  );
}

const tags = ['html', 'svg', 'templates.html', 'host.templates.html', 'this.host.templates.svg'];
const styled = /^no-restricted-syntax: Strict pages block style=/;
const parsed = / Text is data: it is never parsed as HTML\.$/;

const refused: [string, RegExp][] = [
  ...tags.flatMap((tag): [string, RegExp][] => [
    [`${tag}\`<p style="color: red">\${text}</p>\``, styled],
    [`${tag}\`<p\n  style=\${text}>a</p>\``, styled],
    [`${tag}\`<i>\${text}</i><STYLE>p { color: red }</STYLE>\``, styled],
  ]),
  ["element.setAttribute('style', text)", /Strict pages block style attributes/],
  [
    "import { styleMap } from 'lit/directives/style-map.js'",
    /^no-restricted-imports: .*Strict pages block styleMap/,
  ],
  ["import { unsafeHTML } from 'lit/directives/unsafe-html.js'", parsed],
  ["import { unsafeSVG } from 'lit-html/directives/unsafe-svg.js'", parsed],
  ['element.innerHTML = text', parsed],
  ['this.element.outerHTML += text', parsed],
  ["element.insertAdjacentHTML('beforeend', text)", parsed],
];

for (const [code, reason] of refused) {
  test(`refused: ${code}`, async () => {
    for (const found of await complaints(code)) {
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0], reason);
    }
  });
}

test('what strict pages allow is not refused', async () => {
  const fine = tags.map(
    (tag) => `${tag}\`<p part="style" data-style="a" class=\${text}>style = \${text}</p>\`;`,
  );
  const code = [
    "import { classMap } from 'lit/directives/class-map.js';",
    ...fine,
    "element.style.setProperty('color', text);",
    "element.setAttribute('class', text);",
    'element.textContent = text;',
    'other.tag`<p style="color: red"></p>`;',
  ];
  assert.deepEqual(await complaints(code.join('\n')), [[], []]);
});
