// Runs one contestant as a process of its own: node stdio.mjs MODULE NAME. JSON lines in, JSON lines out.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { answering } from './answer.mjs';

// The peers greet on standard output, which is taken.
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
for (const name of ['log', 'info', 'debug', 'warn']) console[name] = console.error;

try {
  const [, , module, name] = process.argv;
  const { open } = await import(pathToFileURL(module).href);
  const contestant = await open('node', name);
  const answer = answering(contestant);
  say({ about: contestant.about });
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    if (message.file) message.material = JSON.parse(readFileSync(message.file, 'utf8'));
    try {
      say(await answer(message));
    } catch (error) {
      say({ error: String(error?.stack ?? error) });
    }
  }
} catch (error) {
  say({ error: String(error?.message ?? error).split('\n')[0] });
}
process.exit();
