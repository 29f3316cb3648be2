// Serves the project's folder on this machine for the demo: node tools/serve.mjs (PORT and HOST may be set).
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { root } from './run.mjs';

const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const base = await realpath(root);

/** The file behind a request's path, or undefined: nothing outside the folder, nothing hidden. */
async function fileOf(pathname) {
  const path = decodeURIComponent(pathname);
  if (/[\0\\]|\/\./.test(path)) return undefined;
  const file = await realpath(join(base, path));
  if (file !== base && !file.startsWith(base + sep)) return undefined;
  return { file, info: await stat(file) };
}

const server = createServer(async (request, response) => {
  const end = (status, headers, text) =>
    response
      .writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers })
      .end(text);
  try {
    if (!['GET', 'HEAD'].includes(request.method)) return end(405, { Allow: 'GET, HEAD' });
    const [, pathname, search = ''] = /^([^?#]*)(\?[^#]*)?/.exec(request.url);
    if (pathname === '/') return end(302, { Location: '/demo/' });
    let found = await fileOf(pathname);
    if (found?.info.isDirectory()) {
      if (!pathname.endsWith('/'))
        return end(301, { Location: `/${pathname.replace(/^\/+/, '')}/${search}` });
      found = await fileOf(`${pathname}index.html`);
    }
    if (!found?.info.isFile()) return end(404, {}, 'Not found\n');
    response.writeHead(200, {
      'Content-Type': types[extname(found.file).toLowerCase()] ?? 'application/octet-stream',
      'Content-Length': found.info.size,
      'Cache-Control': 'no-cache',
      'X-Content-Type-Options': 'nosniff',
    });
    if (request.method === 'HEAD') return response.end();
    createReadStream(found.file)
      .on('error', () => response.destroy())
      .pipe(response);
  } catch (error) {
    end(error instanceof URIError ? 400 : 404, {}, 'Not found\n');
  }
});

const host = process.env.HOST ?? 'localhost';
let port = Number(process.env.PORT ?? 8000);
const last = port + 100;
server.on('error', (error) => {
  if (error.code !== 'EADDRINUSE' || port === last) throw error;
  server.listen(++port, host);
});
server.on('listening', () => {
  console.log(`\nThe demo is at  http://${host}:${server.address().port}/demo/\n\nCtrl+C ends it.`);
});
server.listen(port, host);
