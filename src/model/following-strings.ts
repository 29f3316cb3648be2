// What all figures say that can follow another one, besides the words that every figure has.

type Shown = string;

export interface FollowingStrings {
  readonly sentence: string;
  /** Of a long text, which words stand in the line. */
  readonly window: (from: Shown, to: Shown, total: Shown) => string;
  /** Nothing was found that could be followed. */
  readonly lost: (id: string) => string;
  /** Before a part that loads on demand is there. */
  readonly waiting: string;
  /** A part that loads on demand did not load. */
  readonly unavailable: (reason: string) => string;
}

export const englishFollowing: FollowingStrings = {
  sentence: 'The sentence, word by word',
  window: (from, to, total) => `${from} to ${to} of ${total}`,
  lost: (id) => `Nothing with the id “${id}” on this page can be followed.`,
  waiting: 'Loading the figure …',
  unavailable: (reason) => `This figure could not be loaded (${reason}).`,
};
