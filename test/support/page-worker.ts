// A page's Worker on top of Node's, for module workers of src/ that talk by postMessage and onmessage.

import { Worker as Thread } from 'node:worker_threads';

/** What lets a thread of Node import TypeScript, and look like a page's worker to what it imports. */
const start = (file: string): string => `
  const { parentPort } = require('node:worker_threads');
  globalThis.DedicatedWorkerGlobalScope = Object;
  globalThis.postMessage = (data) => parentPort.postMessage(data);
  import('tsx/esm/api').then(({ tsImport }) => tsImport(${file}, ${file})).then(() => {
    parentPort.on('message', (data) => globalThis.onmessage({ data }));
  });`;

/** Workers that have been started and not ended. */
export const running = new Set<PageWorker>();

export class PageWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | null = null;
  private readonly thread: Thread;

  constructor(readonly address: URL | string) {
    const file = JSON.stringify(String(address).replace(/\.js$/, '.ts'));
    this.thread = new Thread(start(file), { eval: true });
    this.thread.on('message', (data) => this.onmessage?.({ data }));
    this.thread.on('error', ({ message }) =>
      this.onerror?.({ message, preventDefault: () => undefined }),
    );
    running.add(this);
  }

  postMessage(data: unknown): void {
    this.thread.postMessage(data);
  }

  terminate(): void {
    running.delete(this);
    void this.thread.terminate();
  }
}
