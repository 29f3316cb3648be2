// Builds everything from scratch: dist/ (modules with types, then the bundles and the page for frames, then what editors
// read) and custom-elements.json.
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawn } from './drawn.mjs';
import { declared } from './manifest.mjs';
import { run } from './run.mjs';

for (const stale of ['dist', 'build/tsc']) rmSync(stale, { recursive: true, force: true });
for (const [tool, ...args] of [
  ['tsc', '-b', 'src'],
  ['cem', 'analyze'],
  ['rollup', '--config', '--silent'], // reads the manifest
  ['node', 'tools/editor-data.mjs'],
]) {
  const { code } = await run(tool, args);
  if (code !== 0) {
    console.error(`build: ${tool} failed`);
    process.exit(1);
  }
}
for (const file of ['embed.html', 'embed.css']) copyFileSync(`src/embed/${file}`, `dist/${file}`);

/** What `integrity` has to be where a page names a script of dist/. */
const integrity = ['.', 'chunks'].flatMap((folder) =>
  readdirSync(join('dist', folder))
    .filter((name) => name.endsWith('.js'))
    .map((name) => {
      const file = join('dist', folder, name);
      const hash = createHash('sha384').update(readFileSync(file)).digest('base64');
      return [join(folder, name).replaceAll('\\', '/'), `sha384-${hash}`];
    }),
);
writeFileSync('dist/sri.json', `${JSON.stringify(Object.fromEntries(integrity), null, 2)}\n`);

/** The hash of each <style> that a server's drawing has, by element, as policies name it. */
const styles = await Promise.all(
  declared().map(async ({ tagName: tag }) => {
    const found = (await drawn(`<${tag}></${tag}>`)).matchAll(/<style>([^]*?)<\/style>/g);
    return [
      tag,
      [...found].map(([, text]) => `sha256-${createHash('sha256').update(text).digest('base64')}`),
    ];
  }),
);
writeFileSync(
  'dist/server-style-hashes.json',
  `${JSON.stringify(Object.fromEntries(styles), null, 2)}\n`,
);
