// What the lesson does besides its figures, with their public attributes, methods and events alone.
import { costs } from './costs.js';
import { handout } from './handout.js';
import { raceQuiz, recallQuiz } from './quizzes.js';
import { recallTable } from './recall.js';
import { settings } from './settings.js';
import { shuffling } from './shuffle.js';

// what only works with a script is not there without one
for (const each of document.querySelectorAll('.script')) each.hidden = false;

settings();
handout(document.getElementById('print'), document.getElementById('printing'));
shuffling(document.getElementById('shuffled'));
costs();
raceQuiz(document.getElementById('quiz-race'), document.getElementById('race'));
for (const button of document.querySelectorAll('[data-measure]')) {
  const table = document.getElementById(button.dataset.measure);
  recallTable(table, button, document.getElementById(`${table.id}-result`));
}
recallQuiz(document.getElementById('quiz-far'), document.getElementById('far'), '256');
