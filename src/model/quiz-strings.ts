// The words of <rnn-quiz>, in one typed dictionary.

/** Already written out for the reader. */
type Shown = string;

export interface QuizStrings {
  readonly check: string;
  readonly guess: string;
  /** Takes back a guess that is not answered yet. */
  readonly chooseAgain: string;
  readonly askAgain: string;
  /** Beside an option. */
  readonly right: string;
  readonly wrong: string;
  readonly yours: string;

  readonly isRight: string;
  readonly isWrong: string;
  /** Of a guess that was not right. */
  readonly answerIs: (answer: string) => string;
  /** What a guess waits for. */
  readonly toTheEnd: string;
  readonly readTo: (step: number, word: string) => string;
  readonly readSoFar: (read: number, total: number) => string;
  readonly run: (cell: string) => string;
  readonly undecided: string;

  /** What was measured, where, and, if it is one number for all options, how much it was. */
  readonly measured: (where: readonly string[], what: string, value: Shown | null) => string;
  readonly afterWords: (step: number) => string;
  /** Of which word or gate; null if each option has another one. */
  readonly measures: Readonly<Record<string, (name: string | null) => string>>;

  readonly problem: {
    readonly fewOptions: string;
    readonly noneRight: string;
    readonly noFigure: (measure: string) => string;
    readonly end: string;
    readonly noWord: (word: string) => string;
    readonly noGate: (cell: string, gate: string) => string;
    readonly unknownWord: (cell: string, word: string) => string;
    readonly predictsNothing: string;
    readonly undecidable: (reason: string) => string;
  };
}

const each = (word: string | null): string => (word === null ? 'each word' : `“${word}”`);

export const englishQuiz: QuizStrings = {
  check: 'Check',
  guess: 'That is my guess',
  chooseAgain: 'Choose again',
  askAgain: 'Ask again',
  right: 'right answer',
  wrong: 'not right',
  yours: 'your guess',

  isRight: 'Right.',
  isWrong: 'Not right. Try another one.',
  answerIs: (answer) => `Not as you guessed: it is ${answer}.`,
  toTheEnd: 'Your guess is noted. Read on to the last word.',
  readTo: (step, word) => `Your guess is noted. Read on to word ${step}, “${word}”.`,
  readSoFar: (read, total) => `${read} of ${total} ${total === 1 ? 'word' : 'words'} read`,
  run: (cell) => `Your guess is noted. Choose ${cell} in the figure.`,
  undecided: 'Your guess is noted. The answer is not known yet.',

  measured: (where, what, value) =>
    `${where.join(', ')}${where.length > 0 ? ': ' : ''}${what}${value === null ? '' : `, ${value}`}.`,
  afterWords: (step) => `after ${step} ${step === 1 ? 'word' : 'words'}`,
  measures: {
    memory: (word) => `what is left of the imprint of ${each(word)}`,
    probability: (word) => `probability of ${each(word)} as the next one`,
    gate: (gate) => `mean of the ${gate ?? 'gate'}`,
  },

  problem: {
    fewOptions: 'This question needs two options or more.',
    noneRight: 'None of the options is right.',
    noFigure: (measure) => `measure="${measure}" needs a figure, named by for.`,
    end: 'the end of the text',
    noWord: (word) => `The text of the figure has no word “${word}”.`,
    noGate: (cell, gate) => `There is no ${gate} in ${cell}.`,
    unknownWord: (cell, word) => `“${word}” is not among the words that ${cell} can expect.`,
    predictsNothing: 'The networks of the figure expect no words.',
    undecidable: (reason) => `What is right could not be decided (${reason}).`,
  },
};
