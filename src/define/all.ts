// Registers every element of the library.

import './gate-diagram.js';
import './gradient-plot.js';
import './rnn-quiz.js';
import './rnn-trainer.js';
import './rnn-visualizer.js';

export { GateDiagram } from '../elements/gate-diagram/gate-diagram.js';
export { GradientPlot } from '../elements/gradient-plot/gradient-plot.js';
export { RnnQuiz } from '../elements/rnn-quiz/rnn-quiz.js';
export { RnnTrainer } from '../elements/rnn-trainer/rnn-trainer.js';
export { RnnVisualizer } from '../elements/rnn-visualizer/rnn-visualizer.js';
