// `npm run bench [-- --quick --only W1,W4 --peers torch,ort-node --browser --json FILE --write]`: our engine beside its peers.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { section } from '../markdown.mjs';
import { entries, openProcess, titleOf, type Entry } from './contestants.js';
import { cache, translate } from './javascript.js';
import { judgeWorkload, type JudgedWorkload } from './judgement.js';
import { machine } from './machine.js';
import { materialOf } from './material.js';
import { openPages } from './pages.js';
import { installPeers } from './peers.js';
import { measure, type Effort } from './rounds.js';
import type { Seat } from './seat.js';
import { raceInNode, raceTable, type TimedRace } from './race.js';
import { report, workloadSection } from './tables.js';
import { isRace, workloads } from './workloads.js';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    peers: { type: 'string' },
    browser: { type: 'boolean', default: false },
    json: { type: 'string', default: join(cache, 'results.json') },
    write: { type: 'boolean', default: false },
  },
});

function fail(message: string): never {
  console.error(
    `${message}\nusage: npm run bench [-- --quick --only W1,W4 --peers torch,ort-node --browser --json FILE --write]`,
  );
  process.exit(2);
}

/** What a list on the command line chooses, all without one; W3 means everything whose name begins so. */
function chosen<T extends { id: string }>(list: string | undefined, all: readonly T[]): T[] {
  if (list === undefined) return [...all];
  const wanted = list.split(',');
  const fits = (id: string, name: string): boolean => id === name || id.startsWith(`${name}-`);
  const strange = wanted.filter((name) => !all.some(({ id }) => fits(id, name)));
  if (strange.length > 0) {
    fail(`unknown: ${strange.join(', ')}; known: ${all.map(({ id }) => id).join(', ')}`);
  }
  return all.filter(({ id }) => wanted.some((name) => fits(id, name)));
}

const own = entries.filter((entry) => entry.own);
const peers = chosen(
  values.peers,
  entries.filter((entry) => !entry.own),
);
const work = chosen(values.only, workloads);
const raceAlone = values.only === 'W8';
const parts = values.only !== undefined && !raceAlone;
if (values.write && (values.quick || parts || values.peers !== undefined)) {
  fail('--write needs all of the benchmark, or of W8, without --quick and --peers');
}
const racing = work.some(isRace);
const taking = entries.filter((entry) => own.includes(entry) || peers.includes(entry));
const effort: Effort = values.quick ? { rounds: 3, ms: 60 } : { rounds: 15, ms: 120 };

/** Opens everybody who is there; the others by their reasons. */
async function gather(
  who: readonly Entry[],
  open: (entry: Entry) => Promise<Seat>,
): Promise<{ seats: Seat[]; absent: string[] }> {
  const seats: Seat[] = [];
  const absent: string[] = [];
  for (const entry of who) {
    try {
      seats.push(await open(entry));
    } catch (error) {
      absent.push(`${entry.title}: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  return { seats, absent };
}

interface Part {
  readonly facts: readonly string[];
  readonly judged: readonly JudgedWorkload[];
  readonly versions: Readonly<Record<string, string>>;
  readonly absent: readonly string[];
}

/** Measures all workloads at one place: here in processes, or in the pages of a browser. */
async function part(
  place: string,
  who: readonly Entry[],
  open: (entry: Entry) => Promise<Seat>,
): Promise<Part> {
  const { seats, absent } = await gather(who, open);
  const judged: JudgedWorkload[] = [];
  try {
    for (const workload of work) {
      console.error(`${workload.id}, ${workload.title} (${place}) …`);
      const file = join(cache, `${workload.id}.json`);
      writeFileSync(file, JSON.stringify(materialOf(workload)));
      const targets = workload.targets.filter(
        ({ against }) => against === undefined || who.some(({ id }) => id === against),
      );
      judged.push(judgeWorkload({ ...workload, targets }, await measure(seats, file, effort)));
    }
  } finally {
    for (const seat of seats) await seat.close();
  }
  const { processor, cores, system, node } = machine();
  const limits = judged.flatMap(({ limit }) => limit ?? []);
  const facts = [
    `${new Date().toISOString().slice(0, 10)}; ${processor}, ${cores} cores; ${system}; Node ${node}; ${place}`,
    `${effort.rounds} rounds of ${effort.ms} ms for everybody in turn; medians, in brackets the lowest and the highest round`,
    ...seats
      .filter(({ id }) => id !== 'peak')
      .map(({ id, about }) => (about.startsWith(titleOf(id)) ? about : `${titleOf(id)}: ${about}`)),
    `The machine's limit: ${Math.round(Math.min(...limits))} to ${Math.round(Math.max(...limits))} GMAC/s (thousand million multiply-adds a second) in WebAssembly SIMD, measured in the same rounds`,
    ...absent.map((reason) => `Absent: ${reason}`),
  ];
  const versions = Object.fromEntries(seats.map(({ id, about }) => [id, about]));
  return { facts, judged, versions, absent };
}

mkdirSync(cache, { recursive: true });
if (peers.some(({ id }) => id !== 'torch')) installPeers();
translate();

const node = await part('one process each', taking, openProcess);
/** Without the steps of the race, which stand with the race itself. */
const textOf = ({ facts, judged }: Part): string =>
  report(
    facts,
    judged.filter(({ workload }) => !isRace(workload)),
  );
const stepsOf = ({ facts, judged }: Part): string =>
  [
    facts.map((fact) => `- ${fact}`).join('\n'),
    ...judged.filter(({ workload }) => isRace(workload)).map(workloadSection),
  ].join('\n\n');
const runs: readonly TimedRace['id'][] = values.quick ? ['ours'] : ['ours', 'reference'];
const races: TimedRace[] = [];
if (racing) {
  console.error('W8, the whole training race …');
  for (const id of runs) races.push(raceInNode(id));
}
const texts = [textOf(node)];
let browser: Part | undefined;
if (values.browser) {
  const pages = await openPages();
  try {
    const who = taking.filter(({ inPages }) => inPages);
    browser = await part(`${pages.browser}, one page each`, who, (entry) => pages.open(entry));
    texts.push(textOf(browser));
    for (const id of racing ? runs : []) {
      races.push({ id, place: pages.browser, ...(await pages.race(id)) });
    }
  } finally {
    await pages.close();
  }
}

const race = racing
  ? [
      '### The whole run',
      raceTable(races),
      '### Its steps, beside others, in Node',
      stepsOf(node),
      ...(browser ? ['### Its steps, beside others, in a browser', stepsOf(browser)] : []),
    ]
      .join('\n\n')
      // a workload is a heading of its own there, here one of several in a part
      .replace(/^### (?=W8)/gm, '#### ')
  : '';
const plain = [
  ...(raceAlone ? [] : texts.map((text, i) => `## ${['In Node', 'In a browser'][i]}\n\n${text}`)),
  ...(racing ? [`## The training race\n\n${race}`] : []),
].join('\n\n');
console.log(await format(plain, { parser: 'markdown' }));
writeFileSync(
  values.json,
  `${JSON.stringify({ date: new Date().toISOString(), machine: machine(), effort, node, browser, races }, null, 2)}\n`,
);
console.error(`All rounds: ${values.json}`);
if (values.write && racing) await section('docs/benchmarks.md', 'bench-race', race);
if (values.write && !raceAlone) {
  await section('docs/benchmarks.md', 'bench', texts[0]);
  if (browser) await section('docs/benchmarks.md', 'bench-browser', texts[1]);
}
