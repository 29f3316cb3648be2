// Runs one contestant in a page of its own; the measuring side calls `start` once and then what it returns.

import { answering } from './answer.mjs';

/** What TensorFlow.js' scripts leave in the page is all it can be loaded by. */
const scripts = {
  tfjs: [
    '/peers/@tensorflow/tfjs/dist/tf.min.js',
    '/peers/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js',
  ],
};

function script(src) {
  return new Promise((resolve, reject) => {
    const element = document.createElement('script');
    element.onload = resolve;
    element.onerror = () => reject(new Error(`${src} can not be loaded`));
    element.src = src;
    document.head.append(element);
  });
}

export async function start(module, name) {
  for (const src of scripts[name] ?? []) await script(src);
  const { open } = await import(module);
  const contestant = await open('page', name);
  const answer = answering(contestant);
  return {
    about: contestant.about,
    async prepare(file) {
      const material = await (await globalThis.fetch(file)).json();
      return answer({ op: 'prepare', material });
    },
    time: (way, ms) => answer({ op: 'time', way, ms }),
  };
}
