// A page that takes the library from another origin, as from a CDN: it reads with trained weights, and trains on itself.

import assert from 'node:assert/strict';
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from '../../tools/drive.mjs';
import { engines, serveProject, writePage } from '../support/driven.js';
import { readToTheEnd, train } from '../support/reader.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

const home = serveProject();
let other: Server;
let path: string;
const asked: string[] = [];
before(async () => {
  other = createServer((request, response) => {
    const file = join(root, 'dist', request.url!);
    if (!existsSync(file)) return response.writeHead(404).end();
    asked.push(request.url!);
    response.writeHead(200, {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Access-Control-Allow-Origin': '*',
    });
    return createReadStream(file).pipe(response);
  }).listen(0, 'localhost');
  await once(other, 'listening');
  const origin = `http://localhost:${(other.address() as AddressInfo).port}`;
  path = writePage(
    'other-origin.html',
    `<script type="module" src="${origin}/rnn-elements.js"></script>
<rnn-visualizer compare="rnn lstm gru"></rnn-visualizer>
<rnn-trainer cells="rnn gru" steps="20" gap="2" batch="4" examples="100" hidden-size="8" loading="eager"></rnn-trainer>`,
  );
});
after(() => {
  other.closeAllConnections();
  other.close();
});

describe('A page that takes the library from another origin', () => {
  for (const engine of engines) {
    describe(`in ${engine}`, () => {
      it('reads with trained weights, and trains on the page itself', async () => {
        const page = await launch(engine);
        try {
          asked.length = 0;
          await page.goto(home() + path);
          const { badge, said } = await page.evaluate(readToTheEnd);
          assert.match(badge, /^Trained story networks/);
          assert.match(said, /^Read “is”, 14 words after “red”\. .*the GRU expects “red”/);
          assert.equal(
            await page.evaluate(train),
            'Trained on the page itself, in slices, with WebAssembly.',
          );
          const files = asked.map((name) => name.replace(/-[\w-]{8}\.js$/, '')).sort();
          for (const file of ['weights-rnn', 'weights-lstm', 'weights-gru', 'rnn-trainer']) {
            assert.ok(files.includes(`/chunks/${file}`), `${file} of ${files.join()}`);
          }
          // Firefox says itself that it starts no worker from there
          const errors = page
            .errors()
            .filter((error) => !/^Security .*\/training-worker-/.test(error));
          assert.deepEqual(errors, []);
        } finally {
          await page.close();
        }
      });
    });
  }
});
