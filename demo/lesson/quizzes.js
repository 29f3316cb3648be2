// Two questions that something other than a step of a sentence decides: a race, and a measurement of the page.
import { rightAnswers } from './recall.js';

const optionsOf = (quiz) => [...quiz.querySelectorAll(':is(ul, ol):not([slot]) > li')];
const indices = (options, isRight) =>
  options.flatMap((option, index) => (isRight(option) ? [index] : []));

/** Who was the first to answer 95 of 100 questions, in the race as it was set up? */
export function raceQuiz(quiz, race) {
  let finished = null;
  race.addEventListener('rnn-train-complete', ({ detail }) => {
    finished = detail.cells.filter(({ learnedAt }) => learnedAt !== null);
    quiz.requestUpdate?.();
  });
  quiz.decide = () => {
    if (!finished?.length) return null;
    const first = Math.min(...finished.map(({ learnedAt }) => learnedAt));
    const best = finished.filter(({ learnedAt }) => learnedAt === first);
    return indices(optionsOf(quiz), ({ dataset }) =>
      best.some(({ cell }) => cell === dataset.racer),
    );
  };
}

/** Who still knows all six answers at a gap? Options name them in data-still. */
export function recallQuiz(quiz, table, gap) {
  const cells = table.dataset.cells.split(' ');
  table.addEventListener('measured', () => quiz.requestUpdate?.());
  quiz.decide = () => {
    const right = cells.map((cell) => rightAnswers(table, cell, gap));
    if (right.includes(undefined)) return null;
    const still = cells.filter((_, i) => right[i] === 6).join(' ');
    return indices(optionsOf(quiz), ({ dataset }) => dataset.still === still);
  };
}
