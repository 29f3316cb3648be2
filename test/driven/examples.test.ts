// The example projects, as a user has them: the packed library installed beside them, built by their own scripts, their
// pages driven in browsers. Engines by RNN_ENGINES (firefox,webkit); without it Chromium.

import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { preview, type PreviewServer } from 'vite';
import { launch, type Page } from '../../tools/drive.mjs';
import { pack } from '../../tools/pack.mjs';
import { engines, until as untilSo } from '../support/driven.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const examples = join(root, 'examples');
/** Where they are built. What they need besides the library is found further up, in node_modules of the project. */
const work = join(root, 'build/examples');
const projects = readdirSync(examples);

const run = promisify(execFile);
const npm = (folder: string, ...args: string[]): Promise<unknown> =>
  run('npm', args, { cwd: folder, shell: process.platform === 'win32' }).catch((error: unknown) => {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`npm ${args.join(' ')}\n${stdout}\n${stderr}`);
  });

/** Packs the library as it would be published, and unpacks it where the examples look for it. */
async function install(): Promise<void> {
  const home = join(work, 'node_modules/rnn-elements');
  mkdirSync(home, { recursive: true });
  await run('tar', ['-xzf', pack(work), '-C', home, '--strip-components', '1']);
}

interface PackageJson {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
const packageOf = (folder: string): PackageJson =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;

// ---- what is done in a page -----------------------------------------------------------------------------------------

/** Waits until a function in the page returns true. */
const until = (page: Page, what: string, condition: () => boolean | undefined): Promise<void> =>
  untilSo(page, what, () => page.evaluate(condition));

/** Waits until the page says so of the reader's progress. */
const says = (page: Page, text: string): Promise<void> =>
  untilSo(page, `the page says “${text}”`, () =>
    page.evaluate((words) => document.querySelector('output')?.textContent === words, text),
  );

/** Clicks a part of a figure. */
const press = (page: Page, tag: string, part: string): Promise<void> =>
  page.click(
    (tagName, name) =>
      document.querySelector(tagName)?.shadowRoot?.querySelector(`[part~="${name}"]`),
    tag,
    part,
  );

/** Chooses in one of the page's own menus. */
const choose = (page: Page, label: string, value: string): Promise<void> =>
  page.evaluate(
    (name, wanted) => {
      const labels = [...document.querySelectorAll('label')];
      const menu = labels
        .find((each) => each.textContent.trim().startsWith(name))
        ?.querySelector('select');
      if (!menu) throw new Error(`no menu ${name}`);
      menu.value = wanted;
      menu.dispatchEvent(new Event('input', { bubbles: true }));
      menu.dispatchEvent(new Event('change', { bubbles: true }));
    },
    label,
    value,
  );

/** Both figures are there, and can be stepped. */
const ready = (page: Page): Promise<void> =>
  until(page, 'the figures are not ready', () =>
    ['rnn-visualizer', 'gate-diagram'].every((tag) => {
      const next = document.querySelector(tag)?.shadowRoot?.querySelector('[part~="next"]');
      return next?.getAttribute('aria-disabled') === 'false';
    }),
  );

/** What the lesson of every example does. */
async function takeLesson(page: Page): Promise<void> {
  await ready(page);
  await says(page, 'Nothing read yet.');
  await press(page, 'rnn-visualizer', 'next');
  await says(page, '1 of 18 words read, the last one “Anna”.');
  // the diagram follows, and moves the figure that it follows
  await press(page, 'gate-diagram', 'next');
  await says(page, '2 of 18 words read, the last one “has”.');

  await choose(page, 'Cell', 'lstm');
  await until(page, 'the other cell does not run', () => {
    const [reader, diagram] = ['rnn-visualizer', 'gate-diagram'].map((tag) =>
      document.querySelector(tag),
    );
    const heading = reader?.shadowRoot?.querySelector('[part~="base"]')?.textContent;
    const forget = diagram?.shadowRoot?.querySelector('[data-node="forget"]');
    return heading?.includes('LSTM') && Boolean(forget);
  });

  await page.click(() => document.querySelector('main button'));
  await says(page, 'Nothing read yet.');
  await until(
    page,
    'the method was not called',
    () => document.querySelector('rnn-visualizer')?.step === 0,
  );
}

/** A property that goes in and comes back as an event, and a figure that is taken away and put back. */
async function changeState(page: Page): Promise<void> {
  const followed = (): string | undefined => {
    const menus = document.querySelectorAll('select');
    return `${menus[1].value} ${document.querySelector('rnn-visualizer')?.follow}`;
  };
  assert.equal(await page.evaluate(followed), '3 3');
  await choose(page, 'Follow', '7');
  await until(
    page,
    'no other word is followed',
    () => document.querySelector('rnn-visualizer')?.follow === 7,
  );
  for (const [index, word] of ['Anna', 'has', 'a', 'red'].entries()) {
    await press(page, 'rnn-visualizer', 'next');
    await says(page, `${String(index + 1)} of 18 words read, the last one “${word}”.`);
  }
  await page.click(() =>
    document
      .querySelector('rnn-visualizer')
      ?.shadowRoot?.querySelector('[part~="bar"][data-word="3"]'),
  );
  await until(
    page,
    'the event did not arrive',
    () => document.querySelectorAll('select')[1].value === '3',
  );
  assert.equal(await page.evaluate(followed), '3 3');

  const toggle = (): Promise<void> =>
    page.click(() => document.querySelector('input[type="checkbox"]'));
  for (let round = 0; round < 3; round++) {
    await toggle();
    await until(page, 'the diagram did not go', () => !document.querySelector('gate-diagram'));
    await toggle();
    await ready(page);
  }
  await press(page, 'gate-diagram', 'next');
  await says(page, '5 of 18 words read, the last one “kite”.');
}

// ---- the tests ------------------------------------------------------------------------------------------------------

describe('A page of the example projects, with the packed library', () => {
  const servers: PreviewServer[] = [];
  const addresses = new Map<string, string>();
  let own: ChildProcess | undefined;

  before(async () => {
    rmSync(work, { recursive: true, force: true });
    await install();
    cpSync(examples, work, { recursive: true });
  });

  after(async () => {
    own?.kill();
    await Promise.all(servers.map((server) => server.close()));
  });

  it('they ask for the versions that the project itself is tested with', () => {
    const own = packageOf(root);
    for (const project of projects) {
      const { dependencies, devDependencies } = packageOf(join(examples, project));
      const { 'rnn-elements': library, ...others } = { ...dependencies, ...devDependencies };
      assert.equal(library, `^${own.version}`);
      for (const [name, version] of Object.entries(others)) {
        assert.equal(
          version,
          { ...own.dependencies, ...own.devDependencies }[name],
          `${project}: ${name}`,
        );
      }
    }
  });

  it('they are built by their scripts, and their types are right; wrong uses are refused', async () => {
    cpSync(join(root, 'test/fixtures/wrong-uses.tsx'), join(work, 'react/src/wrong-uses.tsx'));
    await Promise.all(
      projects.map(async (project) => {
        const folder = join(work, project);
        const { scripts } = packageOf(folder);
        await npm(folder, 'run', scripts['build'] ? 'build' : 'copy');
        if (scripts['start']) {
          own = spawn(process.execPath, ['server.js'], {
            cwd: folder,
            env: { ...process.env, PORT: '0' },
            stdio: ['ignore', 'pipe', 'inherit'],
          });
          const [said] = (await once(own.stdout!, 'data')) as [Buffer];
          addresses.set(project, said.toString().trim());
          return;
        }
        const server = await preview({
          root: folder,
          configFile: false,
          logLevel: 'silent',
          build: { outDir: scripts['build'] ? 'dist' : '.' },
          preview: { host: '127.0.0.1' },
        });
        servers.push(server);
        addresses.set(project, server.resolvedUrls!.local[0]);
      }),
    );
  });

  it('ssr: the page comes with its sentence in it, and with the cell that the address names', async () => {
    const address = addresses.get('ssr')!;
    for (const [query, name] of [
      ['', 'GRU'],
      ['?cell=lstm', 'LSTM'],
      ['?cell=transformer', 'GRU'],
    ]) {
      const response = await fetch(address + query);
      const policy = response.headers.get('Content-Security-Policy')!;
      assert.match(policy, /^default-src 'none'; .*style-src 'self'( 'sha256-[\w+/]{43}='){2};/);
      const text = await response.text();
      const [, shadow] = /<rnn-visualizer[^]*?<template[^>]*>([^]*?)<\/template>/.exec(text)!;
      const words = [...shadow.matchAll(/<bdi[^>]*>(?:<!--[^]*?-->)?([^<]+)/g)].map(
        ([, word]) => word,
      );
      const sentence = 'Anna has a red kite . The cat sat on the mat . The kite of Anna is';
      assert.equal(words.slice(0, 18).join(' '), sentence);
      assert.match(shadow, new RegExp(`lane-name"[^>]*>(<!--[^]*?-->)*${name}<`));
    }
    assert.equal((await fetch(`${address}../package.json`)).status, 404);
  });

  for (const engine of engines) {
    describe(`in ${engine}`, () => {
      let page: Page;
      before(async () => {
        page = await launch(engine);
      });
      after(() => page.close());

      for (const project of projects) {
        it(`${project}: the page steps, listens, sets and calls`, async () => {
          await page.goto(addresses.get(project)!);
          await takeLesson(page);
          assert.deepEqual(page.errors(), []);
        });
      }

      for (const project of projects.filter((each) => ['react', 'vue'].includes(each))) {
        it(`${project}: its state and the figures follow each other`, async () => {
          await page.goto(addresses.get(project)!);
          await ready(page);
          await changeState(page);
          assert.deepEqual(page.errors(), []);
        });
      }
    });
  }
});
