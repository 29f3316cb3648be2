// Renders the page for every request, and serves what the build put into dist/.

import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { render } from '@lit-labs/ssr';
import { RenderResultReadable } from '@lit-labs/ssr/lib/render-result-readable.js';
import { page } from './src/page.js';

const types = { '.js': 'text/javascript', '.css': 'text/css' };
const folder = new URL('dist/', import.meta.url).pathname;

const hashes = createRequire(import.meta.url)('rnn-elements/server-style-hashes.json');
const styles = [...hashes['rnn-visualizer'], ...hashes['gate-diagram']].map((hash) => `'${hash}'`);
const policy = `default-src 'none'; script-src 'self'; style-src 'self' ${styles.join(' ')}; img-src data:`;

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (pathname === '/') {
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
    });
    new RenderResultReadable(render(page(searchParams.get('cell')))).pipe(response);
    return;
  }
  const type = types[extname(pathname)];
  if (!type) {
    response.writeHead(404).end();
    return;
  }
  createReadStream(join(folder, normalize(pathname)))
    .on('open', () => response.setHeader('Content-Type', `${type}; charset=utf-8`))
    .on('error', () => response.writeHead(404).end())
    .pipe(response);
});

server.listen(Number(process.env.PORT ?? 5173), 'localhost', () => {
  console.log(`http://localhost:${server.address().port}/`);
});
