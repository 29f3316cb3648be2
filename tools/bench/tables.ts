// The results as Markdown: ratios first, then times; absences and misses in words.

import { entries, titleOf } from './contestants.js';
import { asked, noise, type Judged, type JudgedTarget, type JudgedWorkload } from './judgement.js';
import { digits, written } from './statistics.js';
import { sizes } from './workloads.js';

const marks = { met: '✓', 'within noise': '≈', missed: '✗', 'not measured': '?' };

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function row(result: Judged, { targets, limit }: JudgedWorkload): string[] {
  const { id, time, ratio, speed = NaN } = result;
  if (!time) return [];
  const aims = targets.filter(
    (target) => target.of === 'ours' && (target.against ?? target.of) === id,
  );
  const share = limit === undefined ? '' : `${Math.round((speed / limit) * 100)} %`;
  return [
    titleOf(id),
    ratio.ours ? (id === 'ours' ? '1' : written(ratio.ours)) : '',
    aims.map((target) => `${asked(target)} ${marks[target.verdict]}`).join(', '),
    written(time),
    digits(speed),
    id === 'peak' ? '' : share,
  ];
}

/** Why somebody has no row, or what has to be said about one. */
function remarks({ results }: JudgedWorkload): string {
  return results
    .flatMap(({ id, absent, unchecked, way = '', others }) => {
      if (id === 'peak') return [];
      if (absent !== undefined) return [`- ${titleOf(id)}: ${absent}.`];
      if (unchecked !== undefined) return [`- ${titleOf(id)}: ${unchecked}.`];
      return others ? [`- ${titleOf(id)}: the fastest way, ${way} (${others.join('; ')}).`] : [];
    })
    .join('\n');
}

export function workloadSection(judged: JudgedWorkload): string {
  const { workload, results } = judged;
  const order = (id: string): number => entries.findIndex((entry) => entry.id === id);
  const rows = [...results]
    .sort((a, b) => order(a.id) - order(b.id))
    .map((result) => row(result, judged))
    .filter(({ length }) => length > 0);
  return [
    `### ${workload.id}: ${workload.title}`,
    `${sizes(workload)}.`,
    table(['', 'time ÷ ours', 'target', 'ms a run', 'GMAC/s', 'of the limit'], rows),
    remarks(judged),
  ].join('\n\n');
}

/** W7: the reference path by itself. */
function referenceSection(all: readonly JudgedWorkload[]): string[] {
  const rows = all.flatMap(({ workload, results, targets }) =>
    targets
      .filter(({ of }) => of === 'reference')
      .map((target) => {
        const { against } = target;
        const ratio = results.find(({ id }) => id === against)?.ratio.reference;
        return [
          `${workload.id}, ${against === undefined ? '' : titleOf(against)}`,
          ratio ? written(ratio) : 'not measured',
          `${asked(target)} ${marks[target.verdict]}`,
        ];
      }),
  );
  if (rows.length === 0) return [];
  return [
    '### W7: the reference path',
    'The float64 path in TypeScript, which runs where WebAssembly may not.',
    table(['against', 'time ÷ reference', 'target'], rows),
  ];
}

const subject = { ours: 'our WebAssembly kernel', reference: 'our reference path' };

/** One sentence about a target that was not reached. */
function miss({ workload, results }: JudgedWorkload, target: JudgedTarget): string {
  const { of, against, ratio = NaN, ms, note, verdict } = target;
  const aside = verdict === 'within noise' ? ', which is within noise' : '';
  if (ms !== undefined) {
    const time = results.find(({ id }) => id === of)?.time?.median ?? NaN;
    return `- ${workload.id}: ${subject[of]} takes ${digits(time)} ms; the aim is at most ${ms} ms${aside}.`;
  }
  const reached = results.find(({ id }) => id === against)?.ratio[of]?.median ?? NaN;
  const [peer, aim] = [against === undefined ? '' : titleOf(against), digits(ratio)];
  const what =
    reached >= 1
      ? `${subject[of]} is ${digits(reached)} times as fast as ${peer}`
      : `${peer} is ${digits(1 / reached)} times as fast as ${subject[of]} (${digits(reached)})`;
  return `- ${workload.id}: ${what}; the aim is ${aim}${note === undefined ? '' : ` (${note})`}${aside}.`;
}

function misses(all: readonly JudgedWorkload[]): string {
  const open = all.flatMap((judged) =>
    judged.targets
      .filter(({ verdict }) => verdict === 'missed' || verdict === 'within noise')
      .map((target) => miss(judged, target)),
  );
  const unknown = all.flatMap(({ workload, targets }) =>
    targets
      .filter(({ verdict }) => verdict === 'not measured')
      .map(({ against }) => `${workload.id}${against ? ` against ${titleOf(against)}` : ''}`),
  );
  const lines = open.length > 0 ? open : ['Every target that was measured is met.'];
  if (unknown.length > 0) lines.push('', `Not measured: ${unknown.join('; ')}.`);
  return ['### What is missed', lines.join('\n')].join('\n\n');
}

/** Everything, to go below the heading of a document. */
export function report(facts: readonly string[], all: readonly JudgedWorkload[]): string {
  return [
    facts.map((fact) => `- ${fact}`).join('\n'),
    `Targets: ✓ met, ≈ below it by at most ${noise * 100} % (noise of the machine), ✗ missed, ? not measured.`,
    misses(all),
    ...all.map(workloadSection),
    ...referenceSection(all),
  ].join('\n\n');
}
