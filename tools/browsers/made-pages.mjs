// What only the tests' server has: pages that a test asks for, /made/?page= and, as JSON, what shall be on them (Made in
// test/support/pages.ts); and /other-version/, the files of dist/ as another version would have them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawn } from '../drawn.mjs';
import { root } from '../run.mjs';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const script = (address) =>
  /standalone|\/pages\/(said|violations)\.js$/.test(address)
    ? `<script src="${address}"></script>`
    : `<script type="module" src="${address}"></script>`;

export function madePages() {
  return {
    name: 'made-pages',
    async serve({ path, query }) {
      const file = /^\/other-version\/([\w./-]+\.js)$/.exec(path)?.[1];
      if (file) {
        const text = readFileSync(join(root, 'dist', file), 'utf8');
        return { body: text.replace(`"${version}"`, '"99.0.0"'), type: 'js' };
      }
      if (path !== '/made/') return undefined;
      const { policy, scripts = [], head = '', body = '', served } = JSON.parse(query.page);
      const first = ['violations', 'said'].map((name) => `/test/contract/pages/${name}.js`);
      return {
        body: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>A page for a test</title>
    ${[...first, ...scripts].map(script).join('\n    ')}
    ${head}
  </head>
  <body>${served ? await drawn(body) : body}</body>
</html>`,
        type: 'html',
        headers: policy ? { 'Content-Security-Policy': policy } : {},
      };
    },
  };
}
