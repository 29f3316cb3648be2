// How the sources hang together: imports run one way, nothing needs a page to load, nothing names a single machine.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));
const source = join(root, 'src');

const slashes = (path: string): string => path.replaceAll('\\', '/');

/** Files below src/, such as `model/session.ts`. */
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map(slashes)
  .filter((file) => file.endsWith('.ts'))
  .sort();

const content = (file: string): string => readFileSync(join(source, file), 'utf8');

/** Everything a file imports or exports from, types and dynamic imports included. */
function imports(file: string): string[] {
  return ts.preProcessFile(content(file), true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The folder of src/ a file stands in; a file at the top is a folder of its own: `events`. */
const folderOf = (file: string): string =>
  file.includes('/') ? file.split('/')[0] : file.replace(/\.\w+$/, '');

/** What each folder may import, besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  engine: [],
  model: ['engine'],
  events: ['engine', 'model'],
  ui: ['engine', 'model', 'events'],
  elements: ['engine', 'model', 'ui', 'events'],
  define: ['elements'],
  embed: ['model'],
  index: ['elements', 'events'],
};

/** The folders that draw: only these know a package. */
const drawing = ['ui', 'elements'];

test('there are sources in every folder', () => {
  assert.deepEqual([...new Set(files.map(folderOf))].sort(), Object.keys(allowed).sort());
  assert.ok(files.length > 30);
});

test('imports are found: static, dynamic, of types, and in exports', () => {
  assert.ok(imports('model/session.ts').includes('../engine/index.js'));
  assert.ok(imports('model/shipped.ts').includes('./story/weights/lstm.js'));
  assert.ok(imports('events.ts').includes('./model/sentence-model.js'));
  assert.ok(imports('index.ts').includes('./events.js'));
  assert.ok(imports('engine/index.ts').length > 5);
});

test('imports run one way: engine → model → ui → elements → define', () => {
  for (const file of files) {
    for (const specifier of imports(file).filter((each) => each.startsWith('.'))) {
      const target = slashes(relative(source, join(source, dirname(file), specifier)));
      const [from, to] = [folderOf(file), folderOf(target)];
      assert.ok(!target.startsWith('..'), `${file} imports ${specifier}, outside src/`);
      assert.ok(from === to || allowed[from].includes(to), `${file} imports ${specifier}`);
    }
  }
});

test('imports are of files that there are, by the name they are served with', () => {
  for (const file of files) {
    for (const specifier of imports(file).filter((each) => each.startsWith('.'))) {
      assert.match(specifier, /\.js$/, `${file} imports ${specifier}`);
      const target = join(source, dirname(file), specifier.replace(/\.js$/, '.ts'));
      assert.ok(existsSync(target), `${file} imports ${specifier}`);
    }
  }
});

test('nothing is imported in a circle', () => {
  const seen = new Map<string, 'open' | 'done'>();
  const visit = (file: string, path: readonly string[]): void => {
    if (seen.get(file) === 'done') return;
    assert.notEqual(seen.get(file), 'open', [...path, file].join(' → '));
    seen.set(file, 'open');
    const info = ts.transpileModule(content(file), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    // imports of types alone are gone here: they order nothing
    for (const { fileName } of ts.preProcessFile(info.outputText, true, true).importedFiles) {
      if (!fileName.startsWith('.')) continue;
      const target = slashes(relative(source, join(source, dirname(file), fileName)));
      visit(target.replace(/\.js$/, '.ts'), [...path, file]);
    }
    seen.set(file, 'done');
  };
  for (const file of files) visit(file, []);
});

test('the mathematics and the models need no package; what draws needs Lit alone', () => {
  const packages = new Set<string>();
  for (const file of files) {
    for (const specifier of imports(file).filter((each) => !each.startsWith('.'))) {
      assert.ok(drawing.includes(folderOf(file)), `${file} imports ${specifier}`);
      packages.add(specifier.split('/')[0]);
    }
  }
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  assert.deepEqual([...packages], Object.keys(dependencies));
});

test('every source begins by saying what it is for', () => {
  for (const file of files) assert.match(content(file), /^\/\/ \S.{10,}\n/, file);
});

/** What of a page was asked for while `load` ran, by code below src/. */
async function touched(load: () => Promise<unknown>): Promise<string[]> {
  const found: string[] = [];
  const places = [source, pathToFileURL(source).href];
  const names = [
    'document',
    'window',
    'customElements',
    'localStorage',
    'navigator',
    'location',
    'HTMLElement',
    'matchMedia',
    'requestAnimationFrame',
  ];
  const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  for (const name of names) {
    let value: unknown;
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get() {
        // Lit looks whether there is a page; that is its own affair
        const caller = new Error().stack!.split('\n')[2] ?? '';
        if (places.some((place) => caller.includes(place))) found.push(`${name} ${caller.trim()}`);
        return value;
      },
      set(next) {
        value = next;
      },
    });
  }
  try {
    await load();
  } finally {
    names.forEach((name, i) => {
      Reflect.deleteProperty(globalThis, name);
      if (before[i]) Object.defineProperty(globalThis, name, before[i]);
    });
  }
  return found;
}

test('everything but define and embed loads without a page, and asks for none', async () => {
  const asked = await touched(async () => {
    for (const file of files.filter((each) => !['define', 'embed'].includes(folderOf(each)))) {
      const module = (await import(pathToFileURL(join(source, file)).href)) as object;
      assert.equal(typeof module, 'object', file);
    }
  });
  assert.deepEqual(asked, []);
});

test('the ways into the package load without a page', async () => {
  const main = (await import('../../src/index.js')) as Record<string, unknown>;
  assert.equal(typeof main['RnnVisualizer'], 'function');
  const model = await import('../../src/model/index.js');
  assert.equal(typeof model.ReadingSession, 'function');
  const engine = await import('../../src/engine/index.js');
  assert.equal(typeof engine.runSequence, 'function');
});

/** Every file that is or could be committed. */
function tracked(): string[] {
  try {
    return execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .split('\0')
      .filter((file) => file && existsSync(join(root, file)));
  } catch {
    // an unpacked copy without git
    const others = ['node_modules', 'dist', 'build', 'coverage', '.cache', '.git'];
    const walk = (folder: string): string[] =>
      readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return others.includes(entry.name) ? [] : walk(path);
        return [slashes(path)];
      });
    return walk('.');
  }
}

test('no file names a machine or a workplace', () => {
  // put together from pieces, so that this file does not name them either
  const pieces = [
    ['(^|[\\s"\'`(=:])/', '(work|tmp|root|home|Users|mnt)/'],
    ['file:', '///'],
    ['[A-Z]:\\\\', 'Users'],
    ['\\.\\./', 'shared\\b'],
    ['\\bdesign', ' §'],
  ];
  const forbidden = pieces.map((each) => new RegExp(each.join(''), 'm'));
  const found = tracked();
  assert.ok(found.length > 60, `${found.length} files`);
  for (const file of found) {
    const path = join(root, file);
    if (!statSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    if (bytes.includes(0)) continue; // a picture
    const text = bytes.toString('utf8');
    for (const pattern of forbidden) {
      const match = pattern.exec(text);
      const line = match ? text.slice(0, match.index + 1).split('\n').length : 0;
      assert.equal(match, null, `${file}:${line} has ${JSON.stringify(match?.[0])}`);
    }
  }
});

test('the lock file and the settings of npm name no registry', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { resolved?: string }>;
  };
  assert.ok(Object.keys(lock.packages).length > 100);
  for (const [name, { resolved }] of Object.entries(lock.packages)) {
    const address = resolved ?? 'https://registry.npmjs.org/';
    assert.ok(address.startsWith('https://registry.npmjs.org/'), `${name}: ${address}`);
  }
  assert.doesNotMatch(readFileSync(join(root, '.npmrc'), 'utf8'), /^\s*(@\S+:)?registry|_auth/m);
});
