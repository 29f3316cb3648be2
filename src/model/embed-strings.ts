// What stands around a figure on the page for frames: apart from the others, since that page loads nothing else of them.

export interface EmbedStrings {
  /** What the page, and with it the frame, is called: by the figure's tag. */
  readonly titles: Readonly<Record<string, string>>;
}

export const englishEmbed: EmbedStrings = {
  titles: {
    'rnn-visualizer': 'A recurrent network reads a sentence',
    'gate-diagram': 'Inside one step of a recurrent network',
    'gradient-plot': 'How far gradients reach back in time',
    'rnn-trainer': 'Recurrent networks learn a recall task',
  },
};
