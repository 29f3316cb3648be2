// Starts the training worker where the page's policies allow one; asks them at most once a page.

/** The little of Trusted Types that is used. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): unknown };
}

type Policy = ReturnType<TrustedTypes['createPolicy']>;

/** Where the page's one policy is kept, in case the library is there twice. */
const policyKey = Symbol.for('rnn-elements/training-worker');

const page = globalThis as {
  readonly trustedTypes?: TrustedTypes;
  readonly Worker?: typeof Worker;
  [policyKey]?: Policy;
};

/** The page's policy, which lets this one address pass. Its name is what a `trusted-types` directive has to list. */
function policyFor(trustedTypes: TrustedTypes, address: string): Policy {
  return (page[policyKey] ??= trustedTypes.createPolicy('rnn-elements', {
    createScriptURL(asked) {
      if (asked === address) return asked;
      throw new TypeError(`${asked} is no script of this library`);
    },
  }));
}

/** `Worker`, its address passed by the policy where there is such a thing; undefined where there are no workers. */
function workerClass(): typeof Worker | undefined {
  const { Worker, trustedTypes } = page;
  if (!Worker || !trustedTypes) return Worker;
  const trusting = trustedTypes;
  return class extends Worker {
    constructor({ href }: URL, options?: WorkerOptions) {
      super(policyFor(trusting, href).createScriptURL(href) as URL, options);
    }
  } as typeof Worker;
}

/** Once it was refused, no other is tried. */
let refused = false;

/** A worker that has not answered yet; null where there can be none. */
export function startWorker(): Worker | null {
  const Worker = workerClass();
  if (refused || !Worker) return null;
  try {
    // in these words, so that bundlers see it
    return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  } catch {
    // another origin, or the policy
    refuseWorkers();
    return null;
  }
}

/** To be called if one did not answer: a policy may say no by an event. */
export function refuseWorkers(): void {
  refused = true;
}
