// The package as it would be published: what is in it, and that every way into it works from somebody's project.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import { pack } from '../../tools/pack.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
assert.ok(existsSync(join(root, 'dist/rnn-elements.js')), 'run "npm run build"');

/** Somebody's project, with the package and Lit installed. */
const project = mkdtempSync(join(tmpdir(), 'rnn-elements-'));
const home = join(project, 'node_modules/rnn-elements');
mkdirSync(home, { recursive: true });
execFileSync('tar', ['-xzf', pack(project), '-C', home, '--strip-components', '1']);
symlinkSync(join(root, 'node_modules/lit'), join(project, 'node_modules/lit'), 'junction');
after(() => {
  rmSync(project, { recursive: true });
});

const files = readdirSync(home, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(home.length + 1)
      .replaceAll(sep, '/'),
  )
  .sort();
const read = (file: string): string => readFileSync(join(home, file), 'utf8');
const json = (file: string): unknown => JSON.parse(read(file));

interface Entry {
  readonly types: string;
  readonly default: string;
}
const { exports: entries, sideEffects } = json('package.json') as {
  exports: Readonly<Record<string, Entry | string>>;
  sideEffects: readonly string[];
};

/** The files that a pattern with asterisks, all of them for the same name, stands for: by that name. */
function matches(pattern: string): Map<string, string> {
  const [first, ...others] = pattern
    .replace(/^\.\//, '')
    .split('*')
    .map((part) => part.replace(/[.]/g, '\\.'));
  const regex = new RegExp(`^${first}${others.length ? `([^/]+)${others.join('\\1')}` : ''}$`);
  return new Map(
    files.flatMap((file) => {
      const match = regex.exec(file);
      return match ? [[match[1] ?? '', file]] : [];
    }),
  );
}

/** Every way into the package: what somebody writes, the script behind it, its types. */
const ways = Object.entries(entries).flatMap(([key, entry]) => {
  const { default: target, types } =
    typeof entry === 'string' ? { default: entry, types: null } : entry;
  return [...matches(target)].map(([name, file]) => ({
    specifier: key.replace('*', name).replace(/^\./, 'rnn-elements'),
    file,
    types: types?.replaceAll('*', name).replace(/^\.\//, '') ?? null,
  }));
});

/** Runs a module in a process of its own in the project; what it logs, as JSON. */
function inProject(code: string): unknown {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: project,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(output) as unknown;
}

test('the package has the built files, the manifest and the papers, and nothing else', () => {
  const expected = [
    /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|custom-elements\.json)$/,
    /^dist\/(index|events)\.(js|js\.map|d\.ts)$/,
    /^dist\/(define|elements|engine|model|ui)\/.+\.(js|js\.map|d\.ts)$/,
    /^dist\/(rnn-elements|rnn-elements\.standalone|rnn-visualizer)\.js$/,
    /^dist\/chunks\/[a-z]+(-[a-z]+)+-[\w-]{8}\.js$/,
    /^dist\/embed(\.html|\.css|\.js|-host\.js|\/host\.d\.ts)$/,
    /^dist\/(sri\.json|server-style-hashes\.json|THIRD-PARTY-LICENSES\.txt)$/,
    /^dist\/(vscode\.(html|css)-custom-data|web-types)\.json$/,
    /^dist\/jsx\.(js|d\.ts)$/,
  ];
  assert.deepEqual(
    files.filter((file) => !expected.some((pattern) => pattern.test(file))),
    [],
  );
  for (const pattern of expected)
    assert.ok(
      files.some((file) => pattern.test(file)),
      `${pattern}`,
    );
  // nothing of modules that are gone
  for (const file of files) {
    const module = /^dist\/((?:define|elements|engine|model|ui)\/.+?)\.(?:js|js\.map|d\.ts)$/.exec(
      file,
    );
    if (module) assert.ok(existsSync(join(root, 'src', `${module[1]}.ts`)), file);
  }
});

test('source maps bring their sources, and every script names the map that is there', () => {
  for (const file of files.filter((each) => each.endsWith('.map'))) {
    const { sources, sourcesContent } = json(file) as {
      sources: string[];
      sourcesContent: string[];
    };
    assert.equal(sourcesContent.length, sources.length, file);
    assert.ok(
      sourcesContent.every((text) => text.length > 0),
      file,
    );
  }
  for (const file of files.filter((each) => each.endsWith('.js'))) {
    const named = /\/\/# sourceMappingURL=(.*)\s*$/.exec(read(file))?.[1];
    const there = files.includes(`${file}.map`);
    assert.equal(named !== undefined, there, file);
  }
});

test('every way into the package leads to a file, with types', () => {
  for (const key of Object.keys(entries)) {
    const pattern = new RegExp(`^${key.replace(/^\./, 'rnn-elements').replace('*', '[^/]+')}$`);
    assert.ok(
      ways.some(({ specifier }) => pattern.test(specifier)),
      key,
    );
  }
  assert.ok(ways.length > 20, `${ways.length}`);
  for (const { specifier, file, types } of ways) {
    assert.ok(files.includes(file), specifier);
    if (types === null) assert.match(file, /\.(json|html)$/, specifier);
    else assert.ok(files.includes(types), `${specifier}: ${types}`);
  }
  const resolved = inProject(
    `console.log(JSON.stringify(${JSON.stringify(ways)}.map(({ specifier }) => import.meta.resolve(specifier))))`,
  ) as string[];
  assert.deepEqual(
    resolved.map(
      (address) => fileURLToPath(address).split(`node_modules${sep}rnn-elements${sep}`)[1],
    ),
    ways.map(({ file }) => file.replaceAll('/', sep)),
  );
  assert.throws(
    () => inProject(`import.meta.resolve('rnn-elements/dist/index.js')`),
    /is not defined by "exports"/,
  );
});

test('bare classes and models load in plain Node: nothing is registered, no browser global is touched', () => {
  const loadable = ways
    .filter(({ file }) => !/^dist\/rnn-[\w.-]+\.js$|\.(html|json)$/.test(file)) // those are for pages
    .map(({ specifier }) => specifier);
  const result = inProject(`
    const registered = [];
    const touched = [];
    globalThis.customElements = { get() {}, define: (name) => registered.push(name) };
    const names = ['document', 'window', 'navigator', 'location', 'localStorage', 'matchMedia', 'HTMLElement'];
    for (const name of names) {
      let value = globalThis[name];
      Object.defineProperty(globalThis, name, {
        configurable: true,
        get() {
          // Lit looks whether there is a page; that is its own affair
          const caller = new Error().stack.split('\\n')[2] ?? '';
          if (caller.includes('rnn-elements/dist')) touched.push(name + caller);
          return value;
        },
        set(next) { value = next; },
      });
    }
    const found = {};
    for (const specifier of ${JSON.stringify(loadable)}) {
      registered.length = 0;
      const module = await import(specifier);
      found[specifier] = { names: Object.keys(module), registered: [...registered] };
    }
    console.log(JSON.stringify({ found, touched }));
  `) as {
    found: Record<string, { names: string[]; registered: string[] }>;
    touched: string[];
  };
  const { found, touched } = result;
  for (const [specifier, { names, registered }] of Object.entries(found)) {
    if (!specifier.includes('/define/')) assert.deepEqual(registered, [], specifier);
    if (specifier.includes('/elements/')) assert.equal(names.length, 1, specifier);
  }
  const all = Object.values(found).flatMap(({ registered }) => registered);
  assert.deepEqual(all.sort(), [
    'gate-diagram',
    'gradient-plot',
    'rnn-quiz',
    'rnn-trainer',
    'rnn-visualizer',
  ]);
  assert.ok(found['rnn-elements'].names.includes('GateDiagram'));
  assert.deepEqual(found['rnn-elements/embed-host'].names, ['connectFrame']);
  assert.deepEqual(
    touched.filter((each) => !each.includes('embed-host')),
    [],
  );
});

test('the manifest names files that are there', () => {
  const paths: string[] = [];
  JSON.stringify(json('custom-elements.json'), (key, value: unknown) => {
    if ((key === 'path' || key === 'module') && typeof value === 'string') paths.push(value);
    return value;
  });
  assert.ok(paths.length > 20);
  for (const path of paths) assert.ok(files.includes(path.replace(/^\//, '')), path);
});

/** The modules of the package that a bundler puts into the first script of a page. */
async function bundled(code: string): Promise<string[]> {
  const entry = '\0entry';
  const bundle = await rollup({
    input: entry,
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? code : null),
      },
      {
        name: 'from-project',
        resolveId(id, importer) {
          return importer === entry ? this.resolve(id, join(project, 'page.js')) : null;
        },
      },
      nodeResolve(),
    ],
    external: [...builtinModules],
    onwarn: () => undefined,
  });
  const { output } = await bundle.generate({ format: 'es' });
  await bundle.close();
  const chunks = output.filter((each) => each.type === 'chunk');
  // what the first one imports, at once
  const first = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of first) {
    for (const each of chunks.find(({ fileName }) => fileName === name)?.imports ?? [])
      first.add(each);
  }
  return chunks
    .filter(({ fileName }) => first.has(fileName))
    .flatMap(({ modules }) => Object.entries(modules))
    .filter(([, { renderedLength }]) => renderedLength > 0)
    .map(([id]) => id.replaceAll(sep, '/').replace(/^.*node_modules\/(rnn-elements\/)?/, ''))
    .filter((id) => id !== entry);
}

const folders = (modules: readonly string[], pattern: RegExp): string[] =>
  [...new Set(modules.flatMap((id) => pattern.exec(id)?.[1] ?? []))].sort();

for (const code of [
  `import { GateDiagram } from 'rnn-elements'; console.log(GateDiagram);`,
  `import { GateDiagram } from 'rnn-elements/elements/gate-diagram'; console.log(GateDiagram);`,
  `import 'rnn-elements/define/gate-diagram';`,
]) {
  test(`a bundler takes one figure without the others: ${code}`, async () => {
    const modules = await bundled(code);
    assert.deepEqual(folders(modules, /^dist\/elements\/([^/]+)/), ['gate-diagram']);
    assert.deepEqual(folders(modules, /story\/weights\/([^/]+)/), [], 'weights come when needed');
    const defined = folders(modules, /^dist\/define\/([^/]+)/);
    assert.deepEqual(defined, code.includes('define') ? ['define.js', 'gate-diagram.js'] : []);
    assert.ok(modules.some((id) => id.startsWith('lit')));
  });
}

test('a bundler takes all figures, and registers none that was not asked for', async () => {
  const modules = await bundled(`import 'rnn-elements/define/all';`);
  assert.equal(folders(modules, /^dist\/elements\/([^/]+)/).length, 5);
  assert.deepEqual(await bundled(`import 'rnn-elements';`), [], 'a bare import is for nothing');
});

test('a bundler takes the engine without Lit, and only what is used of it', async () => {
  const modules = await bundled(
    `import { runSequence } from 'rnn-elements/engine'; console.log(runSequence);`,
  );
  assert.deepEqual(
    modules.filter((id) => !id.startsWith('dist/engine/')),
    [],
  );
  assert.ok(modules.length > 0 && !modules.some((id) => id.includes('/jacobians')));
});

test('sideEffects names exactly the files that do something when they load', () => {
  const named = sideEffects.flatMap((pattern) => {
    const found = [...matches(pattern.replace(/^\.\//, '')).values()];
    assert.ok(found.length > 0, pattern);
    return found;
  });
  const active = files.filter(
    (file) =>
      file.endsWith('.js') &&
      (file.startsWith('dist/define/') ||
        /customElements\.define\(|window\.addEventListener\("message"/.test(read(file))),
  );
  assert.deepEqual(named.sort(), active);
});

test('sri.json has the hash of every script for a page, and documents point there and show none', () => {
  const hashes = json('dist/sri.json') as Record<string, string>;
  const scripts = files.flatMap((file) => /^dist\/((?:chunks\/)?[^/]+\.js)$/.exec(file)?.[1] ?? []);
  assert.deepEqual(Object.keys(hashes).sort(), scripts.sort());
  for (const [script, hash] of Object.entries(hashes)) {
    const digest = createHash('sha384').update(readFileSync(join(home, 'dist', script)));
    assert.equal(hash, `sha384-${digest.digest('base64')}`, script);
  }
  const documents = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];
  for (const file of documents.filter((name) => name.endsWith('.md'))) {
    const text = readFileSync(join(root, file), 'utf8');
    assert.doesNotMatch(text, /sha384-[\w+/]{20}/, `${file}: a hash is stale after the next build`);
  }
});

test('licences of others are beside their code', () => {
  const text = read('dist/THIRD-PARTY-LICENSES.txt');
  for (const name of ['lit', 'lit-html', 'lit-element', '@lit/reactive-element']) {
    const licence = readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8');
    assert.match(text, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(BSD-3-Clause\\)$`, 'm'));
    assert.ok(text.includes(licence), name);
  }
  for (const file of ['rnn-elements.js', 'rnn-visualizer.js', 'rnn-elements.standalone.js']) {
    assert.match(read(`dist/${file}`), /^\/\*! .*Lit, BSD-3-Clause/, file);
  }
  assert.match(read('LICENSE'), /^MIT License/);
});
