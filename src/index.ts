// The package's main entry: element classes and events, without registering anything.

export { GateDiagram } from './elements/gate-diagram/gate-diagram.js';
export { GradientPlot } from './elements/gradient-plot/gradient-plot.js';
export { RnnQuiz } from './elements/rnn-quiz/rnn-quiz.js';
export { RnnTrainer } from './elements/rnn-trainer/rnn-trainer.js';
export { RnnVisualizer } from './elements/rnn-visualizer/rnn-visualizer.js';
export * from './events.js';
