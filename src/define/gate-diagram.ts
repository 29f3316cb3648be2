// Registers <gate-diagram>, unless the page already has one.

import { GateDiagram } from '../elements/gate-diagram/gate-diagram.js';
import { define } from './define.js';

define('gate-diagram', GateDiagram);

/** Brings its types: `document.querySelector` then knows the tag. */
export type { GateDiagram };
