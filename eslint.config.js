// Lint rules: correctness, one-way imports between the folders of src/, and templates that strict pages allow.
import js from '@eslint/js';
import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Forbids imports of `folders` (and, with packages: false, of any package) in `files`. */
function oneWay(files, folders, { packages = true } = {}) {
  const message = 'Imports run one way: engine → model → (ui) → elements → define.';
  const patterns = [
    { regex: `^(\\.\\.?/)+((${folders.join('|')})/|(${folders.join('|')})\\.js$)`, message },
    ...(packages ? [] : [{ regex: '^[^.]', message: 'The mathematics needs no package.' }]),
    ...forbiddenDirectives,
  ];
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

const forbiddenDirectives = [
  {
    regex: '^lit(-html)?/directives/(unsafe-html|unsafe-svg|unsafe-mathml)',
    message: 'Text is data: it is never parsed as HTML.',
  },
  {
    regex: '^lit(-html)?/directives/style-map',
    message: 'Strict pages block styleMap: use SVG attributes, or style.setProperty in updated().',
  },
];

const strictPages = [
  {
    selector:
      // html``, templates.html``
      'TaggedTemplateExpression:matches([tag.name=/^(html|svg)$/], [tag.property.name=/^(html|svg)$/]) TemplateElement[value.raw=/[\\s"\']style\\s*=|<style/i]',
    message:
      'Strict pages block style="…" and <style> in templates: use static styles or style.setProperty.',
  },
  {
    selector: "CallExpression[callee.property.name='setAttribute'][arguments.0.value='style']",
    message: 'Strict pages block style attributes: use style.setProperty.',
  },
  {
    selector: 'AssignmentExpression[left.property.name=/^(innerHTML|outerHTML)$/]',
    message: 'Text is data: it is never parsed as HTML.',
  },
  {
    selector: "CallExpression[callee.property.name='insertAdjacentHTML']",
    message: 'Text is data: it is never parsed as HTML.',
  },
  {
    selector: 'Identifier[name=/^(localStorage|sessionStorage|indexedDB)$/]',
    message: 'Nothing is stored.',
  },
];

export default defineConfig(
  globalIgnores([
    'dist/',
    'build/',
    'coverage/',
    '.cache/',
    '**/*.generated.ts',
    'src/model/story/weights/',
    'assembly/', // AssemblyScript: its own compiler checks it
    'examples/', // projects of their own: test/driven/examples.test.ts builds them
  ]),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Elements of arrays are typed without "undefined" (noUncheckedIndexedAccess is off).
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            {
              from: 'package',
              package: 'node:test',
              name: ['test', 'it', 'describe', 'suite', 'skip', 'todo', 'only'],
            },
            // expect(…).to.equal(…) is typed as perhaps a promise, and is none.
            { from: 'package', package: '@open-wc/semantic-dom-diff', name: 'Equal' },
            { from: 'package', package: 'chai', name: 'Equal' },
          ],
        },
      ],
      'no-eval': 'error',
      'no-new-func': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    extends: [
      lit.configs['flat/recommended'],
      litA11y.configs.recommended,
      wc.configs['flat/best-practice'],
    ],
    settings: {
      wc: {
        elementBaseClasses: ['LitElement', 'ReadingElement', 'FollowingElement', 'PartElement'],
      },
    },
    rules: {
      'no-restricted-syntax': ['error', ...strictPages],
      'wc/guard-super-call': 'off', // LitElement has them all
    },
  },
  oneWay(
    ['src/engine/**'],
    ['model', 'ui', 'elements', 'define', 'embed', 'events', 'strings', 'index'],
    {
      packages: false,
    },
  ),
  oneWay(['src/model/**'], ['ui', 'elements', 'define', 'embed', 'events'], { packages: false }),
  oneWay(['src/ui/**', 'src/events.ts'], ['elements', 'define', 'embed']),
  oneWay(['src/elements/**'], ['define', 'embed']),
  oneWay(['src/define/**'], ['engine', 'model', 'ui', 'embed']),
  oneWay(['src/embed/**'], ['engine', 'ui', 'elements', 'define', 'events', 'index'], {
    packages: false,
  }),
  {
    // parts that load on demand; what they bring in by other modules, the build sees
    files: [
      'src/elements/{gradient-plot,rnn-trainer,rnn-quiz}/**',
      'src/elements/rnn-visualizer/details.ts',
    ],
    ignores: ['**/gradient-plot.ts', '**/rnn-trainer.ts', '**/rnn-quiz.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^lit', allowTypeImports: true, message: 'Use the Templates that are given.' },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'tools/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-restricted-imports': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'console',
          'process',
          'performance',
          'fetch',
          'setTimeout',
          'clearTimeout',
          'URL',
          'module',
          'document',
          'window',
          'customElements',
          'Event',
          'IntersectionObserver',
          'MutationObserver',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['demo/authors/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'FormData',
          'HTMLButtonElement',
          'HTMLElement',
          'HTMLFormElement',
          'HTMLInputElement',
          'HTMLOutputElement',
          'HTMLSelectElement',
          'HTMLTextAreaElement',
          'URLSearchParams',
          'getSelection',
          'history',
          'location',
          'matchMedia',
          'navigator',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
