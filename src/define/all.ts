// Registers every element of the library.

import './gate-diagram.js';
import './rnn-visualizer.js';

export { GateDiagram } from '../elements/gate-diagram/gate-diagram.js';
export { RnnVisualizer } from '../elements/rnn-visualizer/rnn-visualizer.js';
