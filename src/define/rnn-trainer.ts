// Registers <rnn-trainer>, unless the page already has one.

import { RnnTrainer } from '../elements/rnn-trainer/rnn-trainer.js';
import { define } from './define.js';

define('rnn-trainer', RnnTrainer);

/** Brings its types: `document.querySelector` then knows the tag. */
export type { RnnTrainer };
