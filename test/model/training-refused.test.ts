// Where a page's policies allow no worker, each of them is asked once, and the race runs on the page's own thread.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { loadKernel } from '../../src/engine/index.js';
import { trainingDefaults } from '../../src/model/training/settings.js';
import { Training } from '../../src/model/training/training.js';
import type { Report } from '../../src/model/training/messages.js';
import { serve, type WorkerScope } from '../../src/model/training/worker.js';

const page = globalThis as { Worker?: unknown; trustedTypes?: unknown };

afterEach(() => {
  delete page.Worker;
  delete page.trustedTypes;
  Reflect.deleteProperty(globalThis, Symbol.for('rnn-elements/training-worker'));
});

/** A copy of the module as a page that has just been opened loads it. */
let pages = 0;
async function fresh(): Promise<() => object | null> {
  const name = `../../src/model/training/start-worker.js?${++pages}`;
  const { startWorker } = (await import(name)) as { startWorker: () => object | null };
  return startWorker;
}

/** A worker class that notes what it is made with. */
function workers(fail = false) {
  const made: unknown[][] = [];
  class Fake {
    readonly isFake = true;

    constructor(...options: unknown[]) {
      made.push(options);
      if (fail) throw new DOMException('not here', 'SecurityError');
    }
  }
  page.Worker = Fake;
  return { made, Fake };
}

test('a page without workers has none', async () => {
  assert.equal((await fresh())(), null);
});

test('a worker is a module, by its address', async () => {
  const { made, Fake } = workers();
  const worker = (await fresh())();
  assert.ok(worker instanceof Fake);
  const [[address, options]] = made;
  assert.match(String(address), /^file:.*\/src\/model\/training\/worker\.js$/);
  assert.deepEqual(options, { type: 'module' });
});

test('a constructor that throws is called once a page', async () => {
  const { made } = workers(true);
  const start = await fresh();
  assert.deepEqual([start(), start()], [null, null]);
  assert.equal(made.length, 1);
});

test('Trusted Types: one policy, which lets nothing pass but the address of the worker', async () => {
  const { made, Fake } = workers();
  const policies: [string, { createScriptURL(address: string): string }][] = [];
  page.trustedTypes = {
    createPolicy(name: string, rules: { createScriptURL(address: string): string }) {
      policies.push([name, rules]);
      return {
        createScriptURL: (address: string) => ({ trusted: rules.createScriptURL(address) }),
      };
    },
  };
  const start = await fresh();
  assert.ok(start() instanceof Fake);
  assert.ok(start() instanceof Fake);
  assert.equal(policies.length, 1);
  const [[name, rules]] = policies;
  assert.equal(name, 'rnn-elements');
  const [[address]] = made as [[{ trusted: string }]];
  assert.match(address.trusted, /\/training\/worker\.js/);
  assert.throws(() => rules.createScriptURL('https://example.org/worker.js'), TypeError);
  // a second copy of the library asks for no second policy
  assert.ok((await fresh())() instanceof Fake);
  assert.equal(policies.length, 1);
});

test('Trusted Types: where the policy is refused no worker is tried, and no second policy', async () => {
  const { made } = workers();
  let asked = 0;
  page.trustedTypes = {
    createPolicy() {
      asked++;
      throw new TypeError('not in the list');
    },
  };
  const start = await fresh();
  assert.deepEqual([start(), start()], [null, null]);
  assert.deepEqual([asked, made.length], [1, 0]);
});

test('a worker that fails before it answers: the race runs here, and the next one does not try', async () => {
  let made = 0;
  let ended = 0;
  page.Worker = class {
    onerror: ((event: object) => void) | null = null;
    constructor() {
      made++;
      setTimeout(() => this.onerror?.({ message: '', preventDefault: () => undefined }), 1);
    }
    postMessage(): void {
      // nobody listens
    }
    terminate(): void {
      ended++;
    }
  };
  const settings = { ...trainingDefaults, gap: 1, hiddenSize: 5, batch: 2, steps: 3 };
  for (let i = 0; i < 2; i++) {
    const training = new Training(settings, { accelerate: true, worker: true, loadKernel });
    training.start();
    await new Promise<void>((resolve) => {
      training.subscribe(({ phase }) => {
        if (phase === 'finished') resolve();
      });
    });
    assert.deepEqual([training.state.inWorker, training.state.step], [false, 3]);
    training.dispose();
  }
  assert.deepEqual([made, ended], [1, 1]);
});

test('a worker that has not the kernel of its page refuses; an error of the race is told', async () => {
  const said: Report[] = [];
  const scope: WorkerScope = { postMessage: (report) => said.push(report), onmessage: null };
  serve(scope);
  const begin = { type: 'begin', settings: trainingDefaults, from: null } as const;
  // neither a kernel that there is
  scope.onmessage?.({ data: { ...begin, kernel: 'other' as 'reference' } });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(said.splice(0), [{ type: 'refused' }]);
  const broken = { ...trainingDefaults, hiddenSize: -1 };
  scope.onmessage?.({ data: { ...begin, kernel: 'reference', settings: broken } });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(
    said.map(({ type }) => type),
    ['ready', 'failed'],
  );
});
