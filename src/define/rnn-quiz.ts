// Registers <rnn-quiz>, unless the page already has one.

import { RnnQuiz } from '../elements/rnn-quiz/rnn-quiz.js';
import { define } from './define.js';

define('rnn-quiz', RnnQuiz);

/** Brings its types: `document.querySelector` then knows the tag. */
export type { RnnQuiz };
