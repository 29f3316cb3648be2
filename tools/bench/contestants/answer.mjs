// A contestant's side of the conversation, the same in a Node process and in a page: prepare a workload, time one of its ways.

/** Runs for about `ms` milliseconds; resolves to how often, and how long it took. */
async function measure(run, ms) {
  const begin = performance.now();
  const first = run();
  const waits = typeof first?.then === 'function';
  if (waits) await first;
  const alone = performance.now() - begin;
  if (alone >= ms) return { runs: 1, ms: alone };
  let runs = 0;
  let step = 1; // runs between two looks at the clock
  const start = performance.now();
  let elapsed = 0;
  while (elapsed < ms) {
    if (waits) for (let i = 0; i < step; i++) await run();
    else for (let i = 0; i < step; i++) run();
    runs += step;
    const before = elapsed;
    elapsed = performance.now() - start;
    if (elapsed - before < 1) step *= 2;
  }
  return { runs, ms: elapsed };
}

/** Returns the function that answers the measuring side's messages. */
export function answering(contestant) {
  let ways = [];
  return async function answer(message) {
    if (message.op === 'time') return measure(ways[message.way].run, message.ms);
    const known = await contestant.prepare(message.material);
    if (typeof known === 'string') return { none: known };
    ways = [];
    const report = [];
    for (const way of known) {
      const { name, convention, unchecked } = way;
      try {
        const outputs = {};
        for (const [key, values] of Object.entries(await way.outputs()))
          outputs[key] = Array.from(values);
        await way.run();
        ways.push(way);
        report.push({ name, convention, unchecked, outputs });
      } catch (error) {
        ways.push(way);
        report.push({ name, error: String(error?.message ?? error).split('\n')[0] });
      }
    }
    return { ways: report };
  };
}
