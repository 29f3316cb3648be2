// `npm run recall [-- --count 200] [--write]`: recall of the shipped networks by cell, family and gap, on held-out sentences.

import { parseArgs } from 'node:util';
import type { CellType, Network } from '../src/engine/index.js';
import { families, type Family, type FillerKind } from '../src/model/story/language.js';
import { bytesOf } from '../src/model/story/weight-text.js';
import { unpackNetwork } from '../src/model/weights.js';
import { section } from './markdown.mjs';
import { recall } from './story/measure.js';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    write: { type: 'boolean', default: false },
  },
});
const count = Number(values.count);
const gaps = [0, 10, 20, 40, 80, 160, 320];
const cells: readonly CellType[] = ['feedforward', 'rnn', 'lstm', 'gru'];

/** The network as shipped: from the same module that a page loads. */
async function shipped(cell: CellType): Promise<{ network: Network; words: readonly string[] }> {
  const module = (await import(`../src/model/story/weights/${cell}.ts`)) as { weights: string };
  return unpackNetwork(bytesOf(module.weights));
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** One Markdown table: a row for each cell and family, a column for each gap. */
function table(rows: { cell: CellType; family: Family; shares: number[] }[]): string {
  const header = `| cell | family | ${gaps.map((gap) => `${gap} words`).join(' | ')} |`;
  const rule = `| --- | --- | ${gaps.map(() => '---:').join(' | ')} |`;
  const lines = rows.map(
    ({ cell, family, shares }) => `| ${cell} | ${family} | ${shares.map(percent).join(' | ')} |`,
  );
  return [header, rule, ...lines].join('\n');
}

const sections: string[] = [];
for (const kind of ['known', 'unknown'] satisfies FillerKind[]) {
  const rows: { cell: CellType; family: Family; shares: number[] }[] = [];
  for (const cell of cells) {
    const { network, words } = await shipped(cell);
    const indexOf = new Map(words.map((word, index) => [word, index]));
    for (const family of families) {
      const shares = gaps.map((gap) => recall(network, indexOf, { family, gap, kind, count }));
      rows.push({ cell, family, shares });
      console.error(`${kind} filler, ${cell}, ${family}: ${shares.map(percent).join(' ')}`);
    }
  }
  sections.push(`### ${kind === 'known' ? 'Known' : 'Unknown'} filler words\n\n${table(rows)}`);
}
const result = sections.join('\n\n');
console.log(result);
if (values.write) await section('docs/recall.md', 'recall', result);
