// What custom-elements.json declares: the elements, in its order.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/** Read anew each time: the build makes the file on its way. */
export function declared() {
  return JSON.parse(readFileSync(join(root, 'custom-elements.json'), 'utf8'))
    .modules.flatMap(({ declarations = [] }) => declarations)
    .filter(({ customElement }) => customElement);
}
