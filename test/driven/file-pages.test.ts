// Pages without a server: the standalone script and embed.html from file://, alone in a folder. Engines by RNN_ENGINES.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launch } from '../../tools/drive.mjs';
import { engines } from '../support/driven.js';
import { readToTheEnd, train } from '../support/reader.js';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

// named as people name folders
const home = mkdtempSync(join(tmpdir(), 'rnn-elements-'));
const folder = join(home, 'Lektion 3 – Gedächtnis #2');
mkdirSync(folder);
for (const file of ['rnn-elements.standalone.js', 'embed.html', 'embed.js', 'embed.css']) {
  copyFileSync(join(dist, file), join(folder, file));
}
// a page as short as they come: no charset, no doctype
writeFileSync(
  join(folder, 'lesson.html'),
  `<script src="rnn-elements.standalone.js"></script>
<rnn-visualizer compare="rnn lstm gru"></rnn-visualizer>
<rnn-trainer cells="rnn gru" steps="20" gap="2" batch="4" examples="100" hidden-size="8"></rnn-trainer>`,
);
after(() => {
  rmSync(home, { recursive: true });
});

const address = (file: string, query = ''): string =>
  pathToFileURL(join(folder, file)).href + query;

describe('A page in a folder, without a server', () => {
  for (const engine of engines) {
    describe(`in ${engine}`, () => {
      it('the standalone script needs no other file, and no server', async () => {
        const page = await launch(engine);
        try {
          await page.goto(address('lesson.html'));
          const { badge, said } = await page.evaluate(readToTheEnd);
          assert.match(badge, /^Trained story networks/);
          assert.match(said, /^Read “is”, 14 words after “red”\. .*the GRU expects “red”/);
          assert.equal(await page.evaluate(train), 'Trained in a worker, with WebAssembly.');
          assert.deepEqual(page.errors(), []);
        } finally {
          await page.close();
        }
      });

      it('embed.html by itself, without a frame around it', async () => {
        const page = await launch(engine);
        try {
          await page.goto(address('embed.html', '?cell=gru&text=The%20cat%20sat%20on%20the'));
          const { said, title } = await page.evaluate(readToTheEnd);
          assert.match(said, /^Read “the”.*“mat”/);
          assert.equal(title, 'A recurrent network reads a sentence');
          assert.deepEqual(page.errors(), []);
        } finally {
          await page.close();
        }
      });
    });
  }
});
