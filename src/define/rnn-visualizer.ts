// Registers <rnn-visualizer>, unless the page already has one.

import { RnnVisualizer } from '../elements/rnn-visualizer/rnn-visualizer.js';
import { define } from './define.js';

define('rnn-visualizer', RnnVisualizer);
