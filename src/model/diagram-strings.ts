// The words of <gate-diagram> around the texts of its nodes, in one typed dictionary with them.

import { englishFollowing, type FollowingStrings } from './following-strings.js';
import { englishStep, type StepStrings } from './step-strings.js';
import type { TokenMode } from './tokenizer.js';

type Shown = string;

export interface DiagramStrings extends StepStrings, FollowingStrings {
  readonly label: (cell: string) => string;
  readonly drawing: (cell: string, word: string) => string;
  /** Before a sentence about that step. */
  readonly at: (word: string) => string;
  readonly noState: string;
  /** Name of a node for who can't see it; mean and value are empty where there is none. */
  readonly nodeLabel: (name: string, word: string, mean: Shown, held: Shown) => string;
  readonly meanOf: (mean: Shown) => string;
  readonly legend: string;
  readonly gateUnits: string;
  readonly drive: Readonly<Record<TokenMode, (gate: string) => string>>;
  readonly driven: (gate: string, mean: Shown) => string;
  readonly slow: string;
  /** A node that has not been computed yet, in slow motion. */
  readonly later: (name: string) => string;
  readonly table: string;
  readonly tableColumns: readonly [vector: string, mean: string, unit: (unit: number) => string];
  readonly nextNode: (name: string) => string;
  readonly unit: string;
  readonly unitOf: (unit: number, units: number) => string;
  readonly hold: (gate: string) => string;
  readonly chooseGate: (hasGates: boolean) => string;
  readonly computed: string;
  readonly holdAt: string;
  readonly holdSlider: (gate: string) => string;
  readonly only: (word: string) => string;
  readonly onward: (word: string) => string;
  /** Of a hold that began before. */
  readonly upTo: (word: string) => string;
  readonly scope: string;
  readonly skip: (word: string) => string;
  readonly readAgain: (word: string) => string;
  readonly changes: string;
  readonly without: string;
  readonly under: string;
  readonly memoryOf: (word: string) => string;
  readonly expects: string;
  readonly guess: (word: string, probability: Shown) => string;
  readonly expectation: (word: string, probability: Shown) => string;
}

export const englishDiagram: DiagramStrings = {
  ...englishStep,
  ...englishFollowing,
  label: (cell) => `Inside one step of the ${cell}`,
  drawing: (cell, word) => `Data flow of the ${cell} at “${word}”`,
  at: (word) => `At “${word}”:`,
  noState: 'no state handed on',
  nodeLabel: (name, word, mean, held) =>
    name + (word && ` ${word}`) + (mean && `, mean ${mean}`) + (held && `, held at ${held}`),
  meanOf: (mean) => `mean ${mean}`,
  legend: 'below each strip: the mean of its units',
  gateUnits: 'a unit of a gate, from 0 to 1',
  drive: {
    words: (gate) => `${gate}, its mean at each word`,
    characters: (gate) => `${gate}, its mean at each character`,
  },
  driven: (gate, mean) => `${gate} averages ${mean}`,
  slow: 'Slow motion',
  later: (name) => `${name}, not computed yet.`,
  table: 'All vectors as a table',
  tableColumns: ['vector', 'mean', (unit) => `unit ${unit}`],
  nextNode: (name) => `Next: ${name}`,
  unit: 'Unit',
  unitOf: (unit, units) => `${unit} of ${units}`,
  hold: (gate) => `What if the ${gate} were held?`,
  chooseGate: (hasGates) =>
    hasGates
      ? 'Choose a gate in the drawing to hold it open or shut.'
      : 'This cell has no gates to hold.',
  computed: 'as computed',
  holdAt: 'at',
  holdSlider: (gate) => `Hold the ${gate} at`,
  only: (word) => `only at “${word}”`,
  onward: (word) => `from “${word}” on`,
  upTo: (word) => `up to “${word}”`,
  scope: 'When it is held',
  skip: (word) => `Skip “${word}”`,
  readAgain: (word) => `Stop skipping “${word}”`,
  changes: 'What it changes',
  without: 'as computed',
  under: 'with it',
  memoryOf: (word) => `memory of “${word}”`,
  expects: 'expects next',
  guess: (word, probability) => `a guess: “${word}” ${probability}`,
  expectation: (word, probability) => `“${word}” ${probability}`,
};
