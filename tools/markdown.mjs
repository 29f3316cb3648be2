// Shared by the tools that write tables into the documents: what stands between <!-- NAME:start --> and <!-- NAME:end -->.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './run.mjs';

/**
 * Puts `text` between the markers of a document (its path from the project's folder), in the formatter's form.
 * Resolves to whether it was there already; with `check` nothing is written.
 */
export async function section(file, name, text, { check = false } = {}) {
  const path = join(root, file);
  const old = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const from = old.indexOf(start);
  const to = old.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} has no ${start} … ${end}`);
  const updated = await format(
    `${old.slice(0, from)}${start}\n\n${text.trim()}\n\n${old.slice(to)}`,
    { ...(await resolveConfig(path)), filepath: path },
  );
  if (!check && updated !== old) writeFileSync(path, updated);
  return updated === old;
}
