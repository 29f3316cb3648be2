// Registers every element of the library.

import './rnn-visualizer.js';

export { RnnVisualizer } from '../elements/rnn-visualizer/rnn-visualizer.js';
