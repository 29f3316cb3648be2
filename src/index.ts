// The package's main entry: element classes and events, without registering anything.

export { GateDiagram } from './elements/gate-diagram/gate-diagram.js';
export { RnnVisualizer } from './elements/rnn-visualizer/rnn-visualizer.js';
export * from './events.js';
