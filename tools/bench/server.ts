// A server on this machine for the pages of `npm run bench -- --browser`: the translated engine, the contestants, their packages.

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { cache, javascriptFolder, root } from './javascript.js';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** First part of a request's path, and the folder it stands for. */
const folders: Readonly<Record<string, string>> = {
  js: javascriptFolder,
  contestants: join(root, 'tools/bench/contestants'),
  peers: join(root, 'tools/bench/node_modules'),
  material: cache,
};

/** With these a page's clock is as fine as browsers allow. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

function fileOf(url: string): string | undefined {
  const [, first = '', rest = ''] = /^\/(\w+)\/([^?]*)/.exec(decodeURIComponent(url)) ?? [];
  const folder = folders[first];
  const file = folder === undefined ? '' : normalize(join(folder, rest));
  if (folder === undefined || !file.startsWith(folder) || !existsSync(file)) return undefined;
  return statSync(file).isFile() ? file : undefined;
}

export async function serve(): Promise<{ origin: string; server: Server }> {
  const server = createServer((request, response) => {
    const { url = '/' } = request;
    if (url === '/') {
      response
        .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...isolation })
        .end('<!doctype html><html lang="en"><title>bench</title></html>');
      return;
    }
    const file = fileOf(url);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const type = types[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'Content-Type': type, ...isolation });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, server };
}
