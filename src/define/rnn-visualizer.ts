// Registers <rnn-visualizer>, unless the page already has one.

import { RnnVisualizer } from '../elements/rnn-visualizer/rnn-visualizer.js';
import { define } from './define.js';

define('rnn-visualizer', RnnVisualizer);

/** Brings its types: `document.querySelector` then knows the tag. */
export type { RnnVisualizer };
