// What the form of “Build your embed” says of elements, attributes and their words. (Defaults and ranges: attributes.js.)

/** The elements on offer, by what they do. @type {Readonly<Record<string, string>>} */
export const figures = {
  'rnn-visualizer': 'Step through a sentence',
  'gate-diagram': 'One step, taken apart',
  'gradient-plot': 'How far gradients reach',
  'rnn-trainer': 'Networks in training',
};

/**
 * @typedef {object} Label
 * @property {string} label
 * @property {string} [help]
 * @property {Readonly<Record<string, string>>} [words] what each of its words is called
 */

/**
 * The groups of the form, with their attributes in order. `cells` stands for `cell` and `compare`, too.
 * @type {readonly {readonly title: string, readonly open?: boolean, readonly fields: Readonly<Record<string, Label>>}[]}
 */
export const groups = [
  {
    title: 'What runs',
    open: true,
    fields: {
      source: {
        label: 'Networks and input',
        words: { text: 'Networks that read the sentence', random: 'Random networks, random input' },
      },
      cells: {
        label: 'Cells',
        help: 'Several are shown side by side, in lock-step.',
        words: {
          feedforward: 'Feedforward layer',
          rnn: 'Simple RNN',
          lstm: 'LSTM',
          gru: 'GRU',
        },
      },
      model: {
        label: 'Weights',
        help: 'Trained networks know the words of a children’s book; untrained ones read anything.',
        words: {
          auto: 'Whichever suits the sentence',
          story: 'Trained on little stories',
          random: 'Untrained',
        },
      },
      seed: { label: 'Seed', help: 'Another number is another network.' },
      'hidden-size': { label: 'Units', help: 'How many numbers the state has.' },
      'forget-bias': {
        label: 'Gate bias',
        help: 'How far the gates stand open at first: 3 holds, 0 forgets.',
      },
      'update-bias': { label: 'Update bias', help: 'The same for the GRU’s update gate.' },
      'recurrent-scale': { label: 'Spectral radius', help: 'Factor on the recurrent weights.' },
      'input-scale': { label: 'Input scale', help: 'Factor on the input weights.' },
      length: { label: 'Steps', help: 'How long the random input is.' },
      gap: { label: 'Gap', help: 'Most words between the fact and the question.' },
      examples: { label: 'Sentences', help: 'How many there are to learn from.' },
      steps: { label: 'Training steps' },
      batch: { label: 'Batch', help: 'Sentences in one step.' },
      'learning-rate': { label: 'Learning rate', help: 'Of Adam; it falls to 0 at the end.' },
      clip: { label: 'Clipping', help: 'Largest norm of a gradient.' },
      tokens: {
        label: 'One step reads',
        words: { words: 'A word', characters: 'A character' },
      },
    },
  },
  {
    title: 'Where it begins',
    fields: {
      step: { label: 'Words read', help: 'How far the reader finds it read.' },
      follow: {
        label: 'Word to follow',
        help: 'Its memory is shown. The first word is 0; marks count.',
      },
      unit: { label: 'Unit', help: 'The one that is spelt out in numbers. The first is 0.' },
      quantity: {
        label: 'Curve',
        words: { state: 'Gain of a nudge', loss: 'Gradient of the loss' },
      },
      autoplay: {
        label: 'Plays by itself once it is in view',
        help: 'Not for readers who asked for less motion. Leave them the control “Auto play”.',
      },
      interval: { label: 'Milliseconds a word' },
    },
  },
  {
    title: 'What the reader can use',
    fields: {
      readonly: { label: 'Stepping only', help: 'Sentence, cells and weights stay as they are.' },
      controls: {
        label: 'Controls',
        words: {
          cells: 'Choice of cells',
          text: 'A sentence of one’s own',
          examples: 'Sentences to try',
          words: 'The sentence',
          back: 'Back',
          next: 'Next word',
          play: 'Auto play',
          speed: 'Speed',
          reset: 'Start again',
          scrubber: 'Position',
          model: 'Choice of weights',
          details: 'Details of a step',
          table: 'Table of all numbers',
          slow: 'Slow motion',
          hold: 'Holding gates, skipping words',
          quantity: 'Choice of curve',
          source: 'Choice of networks',
          lag: 'Lag',
          settings: 'Settings',
          facts: 'Three things easily confused',
          check: 'Check by nudging',
          transport: 'Start, pause, stop',
          charts: 'Charts',
          'test-gap': 'Longer gaps',
          weights: 'Use and save of the weights',
        },
      },
    },
  },
  {
    title: 'Looks and loading',
    fields: {
      layout: {
        label: 'Words as',
        words: { auto: 'Columns where they fit, else rows', columns: 'Columns', rows: 'Rows' },
      },
      theme: {
        label: 'Colours',
        words: { auto: 'Those of the page', light: 'Light', dark: 'Dark' },
      },
      loading: {
        label: 'Begins',
        words: { lazy: 'When the reader comes near', eager: 'At once' },
      },
      accelerate: {
        label: 'WebAssembly for heavy work',
        help: 'Never, where a policy forbids it and reports are read.',
        words: { auto: 'Where it helps', off: 'Never' },
      },
    },
  },
];
