// Somebody who knows nothing goes through the lesson once: does what each "try this" says, guesses, answers every
// question, and finds the effect that is stated. What was measured on the way is the list of claims in docs/lesson.md
// (RNN_WRITE=1 writes it). Engines by RNN_ENGINES; without it Chromium.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { CellType } from '../../src/engine/index.js';
import type { GateDiagram, RnnVisualizer } from '../../src/index.js';
import type { RnnQuiz } from '../../src/elements/rnn-quiz/rnn-quiz.js';
import { launch, type Page } from '../../tools/drive.mjs';
import { engines, serveProject, until as untilSo } from '../support/driven.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const report = `${root}docs/lesson.md`;

/** Longest wait, in milliseconds: a whole training on a slow machine. */
const patience = 240_000;

const home = serveProject();

interface Claim {
  readonly claim: string;
  readonly place: string;
  readonly figure: string;
}

describe('A page that is a whole lesson', () => {
  for (const engine of engines) {
    describe(`in ${engine}`, () => {
      let page: Page;
      const claims: Claim[] = [];

      /** What the reader has just seen to be true, where, and the numbers. */
      const claim = (place: string, text: string, figure: string): void => {
        claims.push({ claim: text, place, figure });
      };

      before(async () => {
        page = await launch(engine);
        await page.resize({ width: 1280, height: 900 });
        await page.goto(`${home()}/demo/`);
      });
      after(async () => {
        await page.close();
      });

      // ---- what a reader does and sees --------------------------------------------------------------------------------

      const until = (what: string, condition: () => Promise<unknown>): Promise<void> =>
        untilSo(page, what, condition, patience);

      /** Clicks a part of a figure: the one with this text, if it is given. */
      const press = (id: string, part: string, text = ''): Promise<void> =>
        page.click(
          (figure, name, wanted) =>
            [
              ...document
                .getElementById(figure)!
                .shadowRoot!.querySelectorAll<HTMLElement>(`[part~="${name}"]`),
            ].find((each) => each.textContent.replace(/\s+/g, ' ').includes(wanted)),
          id,
          part,
          text,
        );

      /** Clicks a button of the page. */
      const button = (text: string): Promise<void> =>
        page.click(
          (wanted) =>
            [...document.querySelectorAll('button')].find(
              (each) => each.textContent.replace(/\s+/g, ' ').trim() === wanted,
            ),
          text,
        );

      const near = async (id: string): Promise<void> => {
        // a mouse that comes to lie over a plot points at a step of it
        await page.mouse({ type: 'move', position: [2, 2] });
        await page.evaluate((figure) => {
          document.getElementById(figure)!.scrollIntoView({ behavior: 'instant', block: 'center' });
        }, id);
        await until(`${id} is there`, () =>
          page.evaluate((figure) => {
            const { localName, shadowRoot } = document.getElementById(figure)!;
            return !localName.includes('-') || !!shadowRoot?.querySelector('[part~=base]');
          }, id),
        );
      };

      const step = (id: string): Promise<number> =>
        page.evaluate((figure) => (document.getElementById(figure) as RnnVisualizer).step, id);

      /** Reads up to the end, or up to so many words, by the button. */
      const read = async (id: string, words = Infinity): Promise<void> => {
        await near(id);
        await until('the weights are there', () =>
          page.evaluate(
            (figure) => (document.getElementById(figure) as RnnVisualizer).trace !== null,
            id,
          ),
        );
        for (;;) {
          const at = await step(id);
          const ended = await page.evaluate(
            (figure) =>
              document
                .getElementById(figure)!
                .shadowRoot!.querySelector('[part~=next]')!
                .getAttribute('aria-disabled') === 'true',
            id,
          );
          if (ended || at >= words) return;
          await press(id, 'next');
          await until('the next word', async () => (await step(id)) > at);
        }
      };

      /** What a cell of a figure expects, as `word probability`. */
      const expects = (
        id: string,
        cell: CellType,
      ): Promise<{ word: string; probability: number }[]> =>
        page.evaluate(
          (figure, name) => [
            ...(document.getElementById(figure) as RnnVisualizer).predictionsFor(name, Infinity)!,
          ],
          id,
          cell,
        );
      const chance = async (id: string, cell: CellType, word: string): Promise<number> =>
        (await expects(id, cell)).find((each) => each.word === word)!.probability;
      const percent = (share: number): string =>
        share > 0.995 ? '>99%' : `${(share * 100).toFixed(0)}%`;

      /** The memory of the followed word, as it is written below its bar, by lane. */
      const remembered = (id: string, part = 'bar-followed'): Promise<number[]> =>
        page.evaluate(
          (figure, name) =>
            [
              ...document.getElementById(figure)!.shadowRoot!.querySelectorAll(`[part~="${name}"]`),
            ].map((bar) => parseFloat(/[\d.]+(?=%)/.exec(bar.textContent)?.[0] ?? 'NaN')),
          id,
          part,
        );

      const said = (id: string, part = ''): Promise<string> =>
        page.evaluate(
          (figure, name) => {
            const base = document.getElementById(figure)!.shadowRoot!;
            const from = name ? base.querySelector(`[part~="${name}"]`) : base;
            return (from?.textContent ?? '').replace(/\s+/g, ' ').trim();
          },
          id,
          part,
        );

      /** What a reader without JavaScript is told in a chapter. */
      const withoutScripts = (chapter: string): Promise<string> =>
        page.evaluate(
          (id) =>
            document.querySelector(`#${id} noscript`)!.textContent.replace(/\s+/g, ' ').trim(),
          chapter,
        );

      /** Puts the choice in a quiz that holds this question, and presses its button. */
      const guess = async (question: string, option: string): Promise<void> => {
        await page.evaluate((text) => {
          const quiz = [...document.querySelectorAll('rnn-quiz')].find((each) =>
            each.textContent.replace(/\s+/g, ' ').includes(text),
          )!;
          quiz.id ||= `quiz-${String([...document.querySelectorAll('rnn-quiz')].indexOf(quiz))}`;
          document.querySelector('[data-now]')?.removeAttribute('data-now');
          quiz.dataset['now'] = '';
          quiz.scrollIntoView({ behavior: 'instant', block: 'center' });
        }, question);
        await until('the question is there', () =>
          page.evaluate(
            () => !!document.querySelector('[data-now]')?.shadowRoot?.querySelector('input'),
          ),
        );
        await page.click(
          (text) =>
            [
              ...document
                .querySelector('[data-now]')!
                .shadowRoot!.querySelectorAll<HTMLElement>('label'),
            ].find((each) => each.textContent.replace(/\s+/g, ' ').includes(text)),
          option,
        );
        await page.click(() =>
          document.querySelector('[data-now]')!.shadowRoot!.querySelector('[part~=act]'),
        );
      };

      /** Waits for the answer of the question asked last, and tells whether it was right. */
      const outcome = async (): Promise<{ correct: boolean; attempts: number }> => {
        const found = (): Promise<{ answered: boolean; correct: boolean; attempts: number }> =>
          page.evaluate(() => {
            const { answered, correct, attempts } = document.querySelector<RnnQuiz>('[data-now]')!;
            return { answered, correct, attempts };
          });
        await until('the answer', async () => (await found()).answered);
        return found();
      };
      const right = async (): Promise<void> => {
        assert.equal((await outcome()).correct, true, 'the answer is right');
      };

      // ---- the chapters -----------------------------------------------------------------------------------------------

      it('0: what came before makes the blank easy', async () => {
        await guess('Which of the two puts more of its bet on “mat”?', 'carries something along');
        await read('blank', 1);
        const first = await expects('blank', 'feedforward');
        const [gru] = await expects('blank', 'gru');
        await read('blank');
        assert.deepEqual(await expects('blank', 'feedforward'), first, 'the same after each “the”');
        const [after] = await expects('blank', 'gru');
        assert.notEqual(gru.word, after.word, 'it has changed its mind');
        await right();
        assert.equal(after.word, 'mat');
        claim(
          'hook',
          'The words before it make the blank easy: a network that carries them along expects “mat”; one that sees the last word alone expects the same after every “the”.',
          `GRU ${percent(after.probability)} “mat”, feedforward ${percent(await chance('blank', 'feedforward', 'mat'))}; its best is “${first[0].word}” (${percent(first[0].probability)}) both times`,
        );
      });

      it('1: order', async () => {
        await near('apart');
        const rows = async (): Promise<number[][]> =>
          page.evaluate(() =>
            [...document.querySelectorAll<HTMLTableRowElement>('#apart tbody tr')].map((row) =>
              [...row.cells].slice(1).map((cell) => Number(cell.textContent)),
            ),
          );
        await button('man bites dog');
        await until('the table', async () => (await rows())[1][2] > 0);
        const swapped = await rows();
        assert.deepEqual(swapped[0].slice(0, 3), [0, 0, 0], 'outputs have only changed places');
        assert.ok(swapped[0][3] > 1 && swapped[1][3] > 1);
        claim(
          'order',
          'Shuffling only reorders a feedforward network’s outputs; in a recurrent one a word has another state as soon as something else came before it.',
          `“man bites dog”: distances ${swapped[0].slice(0, 3).join(', ')} and ${swapped[1].slice(0, 3).join(', ')}`,
        );
        await button('bites dog man');
        await until('the table', async () => (await rows())[0][3] === 0);
        const [plain, recurrent] = await rows();
        assert.deepEqual(plain, [0, 0, 0, 0]);
        assert.ok(recurrent[3] > 1);
        claim(
          'order',
          'A feedforward network’s last output depends on the last word alone; a recurrent one ends somewhere else.',
          `“bites dog man”: its end is ${plain[3]} and ${recurrent[3]} away`,
        );
        const order = (): Promise<string | null> =>
          page.evaluate(() => document.getElementById('shuffled')!.getAttribute('text'));
        await button('Shuffle the words');
        assert.notEqual(await order(), 'bites dog man');
        assert.equal((await order())!.split(' ').sort().join(' '), 'bites dog man');

        await guess('which network is surer of “water”', 'The recurrent one');
        await read('bank');
        await right();
        const water = {
          feedforward: await chance('bank', 'feedforward', 'water'),
          rnn: await chance('bank', 'rnn', 'water'),
        };
        await press('bank', 'example', 'works for the bank');
        await read('bank');
        assert.equal(await chance('bank', 'feedforward', 'water'), water.feedforward);
        const [gold] = await expects('bank', 'rnn');
        assert.equal(gold.word, 'gold');
        claim(
          'bank',
          'What a bank is was decided by a word that is over when the question comes.',
          `simple RNN: ${percent(water.rnn)} “water” after “swims”, ${percent(gold.probability)} “gold” after “works”; feedforward: ${percent(water.feedforward)} “water” both times`,
        );
        const bitten: string[] = [];
        for (const example of ['The dog bites the man', 'The man bites the dog']) {
          await press('bank', 'example', example);
          await read('bank');
          const [best] = await expects('bank', 'rnn');
          bitten.push(`${best.word} (${percent(best.probability)})`);
        }
        assert.match(bitten.join(), /^man.*,dog/);
        claim('bank', 'Who was bitten depends on the order.', bitten.join(', '));
      });

      it('2: one cell, the same weights at every step', async () => {
        await read('unrolled');
        const weights = /the same ([\d,]+) weights/.exec(await said('unrolled'))![1];
        await button('A hundred words');
        await until('the long text', async () => /\/ 1\d\d/.test(await said('unrolled')));
        await page.evaluate(() => {
          const scrubber = document
            .getElementById('unrolled')!
            .shadowRoot!.querySelector<HTMLInputElement>('[part~=scrubber]')!;
          scrubber.value = scrubber.max;
          scrubber.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
        });
        await until('the end', async () => (await step('unrolled')) > 100);
        const words = await page.evaluate(
          () => document.getElementById('unrolled')!.getAttribute('text')!.split(' ').length,
        );
        assert.ok(words >= 100, `${words} words`);
        assert.equal(/the same ([\d,]+) weights/.exec(await said('unrolled'))![1], weights);
        claim(
          'state',
          'The number of weights does not grow with the text; trained on short stories, the cell runs on a hundred words.',
          `${weights} weights for 6 words and for ${words}`,
        );
        await near('cell');
        const unit = (): Promise<string> => said('cell', 'arithmetic');
        const before = await unit();
        await page.click(() =>
          document
            .getElementById('cell')!
            .shadowRoot!.querySelector('[data-node="h"] .units, [data-node="h"] .bed'),
        );
        await until('one number is made', async () => (await unit()) !== before);
        assert.match(await unit(), /^h = tanh\(a\) [=≈] tanh\([−\d.]+\) [=≈] [−\d.]+$/);
        await guess('How many weights does the network need now?', 'Seventeen times as many');
        assert.deepEqual(
          await page.evaluate(() => {
            const { correct, attempts } = document.querySelector<RnnQuiz>('[data-now]')!;
            return { correct, attempts };
          }),
          { correct: false, attempts: 1 },
          'a wrong answer is not right, and may be corrected',
        );
        await guess('How many weights does the network need now?', 'As many as before');
        assert.equal((await outcome()).attempts, 2);
        await right();
      });

      it('3: a short span, and the flaw', async () => {
        await read('near');
        const [close] = await expects('near', 'rnn');
        assert.equal(close.word, 'forest');
        await button('Put one sentence in between');
        await read('near');
        const [far] = await expects('near', 'rnn');
        assert.notEqual(far.word, 'forest');
        claim(
          'short',
          'A simple RNN answers at once, and no longer when one sentence is in between.',
          `“forest” ${percent(close.probability)} at once, then “${far.word}” (${percent(far.probability)}; “forest” ${percent(await chance('near', 'rnn', 'forest'))})`,
        );
        await guess('how much of what “red” did', 'Less than half');
        await read('kite');
        await right();
        const [red] = await remembered('kite');
        const [best] = await expects('kite', 'rnn');
        assert.ok(best.probability < 0.5 && best.word !== 'red');
        claim(
          'kite',
          'The memory bar of “red” dies in the simple RNN, and the answer is a guess.',
          `${red}% of its imprint; best “${best.word}” (${percent(best.probability)})`,
        );
        await button('Ask 36 times');
        await until('the table', () =>
          page.evaluate(() => document.querySelectorAll('#reach [data-right]').length === 6),
        );
        const reach = await page.evaluate(() =>
          [...document.querySelectorAll('#reach [data-right]')].map((cell) =>
            Number(cell.textContent),
          ),
        );
        assert.equal(reach[0], 6);
        assert.ok((await withoutScripts('short')).includes('6, 2, 2, 1, 1 and 1 of six'));
        assert.equal(reach.join(), '6,2,2,1,1,1');
        assert.ok(
          reach.slice(3).every((count) => count <= 2),
          reach.join(),
        );
        claim(
          'reach',
          'How far back it reaches: recall falls to guessing within a few sentences.',
          `right of six, with 0, 1, 2, 3, 5 and 8 sentences in between: ${reach.join(', ')}`,
        );
      });

      it('4: vanishing gradients', async () => {
        await near('nudge');
        await until('the plot', async () =>
          (await said('nudge', 'narration')).includes('20 steps back'),
        );
        const twenty = await said('nudge', 'narration');
        const [rnn, lstm, gru] = /worth ([\d.]+) .*RNN, ([\d.]+) in the LSTM and ([\d.]+)/
          .exec(twenty)!
          .slice(1)
          .map(Number);
        assert.ok(rnn < 0.001 && lstm > 0.1 && gru > 0.1, twenty);
        claim(
          'nudge',
          'In an untrained simple RNN less than a thousandth of a nudge is left after twenty steps; in an LSTM and a GRU with open gates most of it is, or a good part.',
          `simple RNN ${rnn}, LSTM ${lstm}, GRU ${gru}`,
        );
        await press('nudge', 'preset', 'radius 4');
        await until('it explodes', async () =>
          /worth (\d{2,}|[\d,]{4,}|[\d.]+ ?[·×]).*simple RNN/.test(
            await said('nudge', 'narration'),
          ),
        );
        const four = /worth (.+?) (?:of itself|times)/.exec(await said('nudge', 'narration'))?.[1];
        await press('nudge', 'preset', 'forget bias 0');
        await until('it vanishes', async () => {
          const found = /([\d.]+) in the LSTM/.exec(await said('nudge', 'narration'));
          return found && Number(found[1]) < 0.001;
        });
        const shut = /([\d.]+) in the LSTM/.exec(await said('nudge', 'narration'))![1];
        claim(
          'nudge',
          'A larger radius turns from too little to too much, and an LSTM vanishes, too, when its gates are not open.',
          `radius 4: simple RNN ${four}; forget bias 0: LSTM ${shut}`,
        );
        await guess('What can it still learn?', 'last few words');
        await right();
        await near('trained');
        const narration = (): Promise<string> => said('trained', 'narration');
        await until('the plot', async () => (await narration()).includes('at “red”'));
        const nudge = /worth ([\d.]+) .*RNN, ([\d.]+) in the LSTM and ([\d.]+)/.exec(
          await narration(),
        )!;
        assert.ok(Number(nudge[1]) < Number(nudge[2]) && Number(nudge[1]) < Number(nudge[3]));
        claim(
          'trained',
          'In the trained networks, too, less of a nudge to the state at “red” arrives at the end in the simple RNN.',
          `simple RNN ${nudge[1]}, LSTM ${nudge[2]}, GRU ${nudge[3]}`,
        );
        await press('trained', 'quantity-button', 'loss');
        await until('the other quantity', async () => (await narration()).includes('of the loss'));
        const loss = /([\d.]+) in the LSTM and ([\d.]+) in the GRU/.exec(await narration())!;
        assert.ok(Number(loss[1]) < 0.01 && Number(loss[2]) < 0.01);
        claim(
          'trained',
          'Fading state and vanishing gradient are two things: LSTM and GRU hold “red” (figure 10), and hardly any gradient of their loss arrives there, since they are right.',
          `gradient of the loss at “red”: LSTM ${loss[1]}, GRU ${loss[2]}`,
        );
        await page.click(() =>
          document
            .getElementById('trained')!
            .shadowRoot!.querySelector('[part~="disclosure-facts"] summary'),
        );
        await until('three things, in numbers', async () =>
          /RNN ?LSTM ?GRU.*\d.*\d.*\d/.test(await said('trained', 'facts')),
        );
      });

      it('5: gates', async () => {
        await guess('Which of these words will it hold most of', 'red');
        await read('gated');
        await right();
        const [held] = await remembered('gated');
        const [sure] = await expects('gated', 'lstm');
        assert.equal(sure.word, 'red');
        claim(
          'gated',
          'The LSTM still holds “red” at the end, more of it than of “cat” and “mat”, and answers with it.',
          `${held}% of its imprint; “red” ${percent(sure.probability)}`,
        );
        await near('inside');
        await press('gated', 'word', 'sat');
        await until('“sat”', async () => (await step('gated')) === 9);
        await page.evaluate(() => {
          const { shadowRoot } = document.getElementById('inside') as GateDiagram;
          shadowRoot!
            .querySelector('[data-node="forget"]')!
            .dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
        });
        await until('the gate is chosen', async () =>
          (await said('inside', 'hold')).includes('0:'),
        );
        await press('inside', 'hold-value', '0:');
        await read('gated');
        const [lost] = await remembered('gated');
        const [guessed] = await expects('gated', 'lstm');
        assert.ok(lost < held / 4, `${lost}%`);
        assert.ok(guessed.word !== 'red' || guessed.probability < 0.5, JSON.stringify(guessed));
        claim(
          'inside',
          'Held at 0 from “sat” on, the forget gate loses the colour.',
          `${lost}% of “red” is left; best “${guessed.word}” (${percent(guessed.probability)})`,
        );
        await press('gated', 'release');
        await until('it is as it was', async () => (await remembered('gated'))[0] === held);
      });

      it('6: the GRU, and the race', async () => {
        await read('three');
        const weights = [...(await said('three')).matchAll(/the same ([\d,]+) weights/g)].map(
          ([, n]) => Number(n.replace(',', '')),
        );
        const [, lstm, gru] = weights;
        assert.equal(gru / lstm, 0.75);
        const all = await remembered('three');
        for (const cell of ['lstm', 'gru'] as const) {
          assert.equal((await expects('three', cell))[0].word, 'red');
        }
        claim(
          'three',
          'A GRU has a quarter fewer weights in its cell than an LSTM, and remembers as well.',
          `${gru.toLocaleString('en')} and ${lstm.toLocaleString('en')} weights; “red”: ${all.map((each) => `${each}%`).join(', ')} in RNN, LSTM and GRU; both answer “red”`,
        );

        const follow = (word: string): Promise<void> =>
          page.click(
            (text) =>
              [
                ...document
                  .getElementById('three')!
                  .shadowRoot!.querySelectorAll('[part~="bar"][aria-label]'),
              ].find((each) => each.getAttribute('aria-label')!.includes(text)),
            word,
          );
        await follow('cat');
        await until('another word', async () => (await remembered('three'))[2] !== all[2]);
        const cat = await remembered('three');
        assert.ok(cat[2] < cat[1] / 2, 'the GRU has let go of “cat”');
        claim(
          'three',
          'The GRU keeps what is asked for and lets go of “cat”.',
          `“cat”: ${cat[1]}% in the LSTM, ${cat[2]}% in the GRU`,
        );
        await follow('red');
        await guess('Which of the three will be the first', 'The GRU');
        await near('race');
        const finished = async (): Promise<number> =>
          page.evaluate(() => Number(document.documentElement.dataset['trained'] ?? 0));
        await page.evaluate(() => {
          document.getElementById('race')!.addEventListener('rnn-train-complete', ({ detail }) => {
            const { dataset } = document.documentElement;
            dataset['trained'] = String(Number(dataset['trained'] ?? 0) + 1);
            dataset['detail'] = JSON.stringify(detail.cells);
          });
        });
        interface Trained {
          readonly cell: CellType;
          readonly recall: number;
          readonly learnedAt: number | null;
        }
        const trained = async (): Promise<Map<CellType, Trained>> =>
          new Map(
            (
              JSON.parse(
                await page.evaluate(() => document.documentElement.dataset['detail']!),
              ) as Trained[]
            ).map((each) => [each.cell, each]),
          );
        await press('race', 'start');
        await until('the race is over', async () => (await finished()) === 1);
        const race = await trained();
        await right();
        assert.ok(race.get('gru')!.learnedAt! < race.get('lstm')!.learnedAt!);
        assert.equal(race.get('rnn')!.learnedAt, null);
        assert.match(await said('race', 'results'), /\d ms|\d+\.\d+/);
        claim(
          'race',
          'The GRU learned sooner than the LSTM; the simple RNN did not learn it at all (milliseconds a step are in the table; they depend on the machine).',
          `95% at step ${race.get('gru')!.learnedAt} and ${race.get('lstm')!.learnedAt}; simple RNN ${percent(race.get('rnn')!.recall)} at the end, chance 17%`,
        );
        await button('Train on 60 sentences');
        await until('the small training is over', async () => (await finished()) === 2);
        const little = await trained();
        assert.ok(little.get('gru')!.recall > little.get('lstm')!.recall);
        claim(
          'little',
          'With sixty sentences to learn from, the GRU does better than the LSTM: more gates are not always better.',
          `GRU ${percent(little.get('gru')!.recall)}, LSTM ${percent(little.get('lstm')!.recall)}, simple RNN ${percent(little.get('rnn')!.recall)}`,
        );
      });

      it('7: limits', async () => {
        await guess('Who still knows where Tom lives?', 'Only the GRU');
        await button('Ask them 84 times');
        await until('the table', () =>
          page.evaluate(() => document.querySelectorAll('#far [data-right]').length === 14),
        );
        await right();
        const row = (selector: string): Promise<number[]> =>
          page.evaluate(
            (which) =>
              [...document.querySelectorAll(`#far tbody ${which} td`)].map((cell) =>
                Number(cell.textContent),
              ),
            selector,
          );
        const lstm = await row('[data-cell=lstm]');
        const gru = await row('[data-cell=gru]');
        assert.deepEqual(lstm.slice(0, 5), [6, 6, 6, 6, 6]);
        assert.ok(lstm[5] <= 3 && lstm[6] <= 2, lstm.join());
        assert.deepEqual(gru, [6, 6, 6, 6, 6, 6, 6]);
        assert.deepEqual(lstm.slice(5), [2, 1]);
        assert.ok(
          (await withoutScripts('limits')).includes('256 and 512 of them the LSTM in 2 and 1'),
        );
        const apart = await row('[data-apart=lstm]');
        const largest = await row('[data-largest=lstm]');
        assert.ok(apart[6] < apart[0] / 2 && largest[6] > 10 * largest[0]);
        claim(
          'far',
          'The LSTM does not remember everything: with 256 sentences in between it has lost the place. This GRU never falls on this question.',
          `right of six with 128, 256 and 512 sentences: LSTM ${lstm.slice(4).join(', ')}; GRU ${gru.slice(4).join(', ')}`,
        );
        claim(
          'far',
          'It has not faded: its cell state has grown, and its hidden states have drawn together.',
          `largest cell state ${largest[0]} → ${largest[6]}, states apart ${apart[0]} → ${apart[6]}`,
        );
        await guess('What will the LSTM answer?', 'blue');
        await read('two');
        await right();
        const [two] = await expects('two', 'lstm');
        const kept = await remembered('two');
        assert.ok(kept[0] > 50);
        claim(
          'two',
          'A second fact of a kind is too many: it answers with the wrong colour, and is sure.',
          `“${two.word}” ${percent(two.probability)}, with ${kept[0]}% of “red” still there`,
        );
        await press('two', 'example', 'Mia has a green hat');
        await read('two');
        const [last] = await expects('two', 'lstm');
        const [unsaid] = await expects('two', 'gru');
        assert.equal(last.word, 'green');
        assert.ok(!['red', 'blue', 'green'].includes(unsaid.word), unsaid.word);
        claim(
          'two',
          'With a third colour the LSTM names the last one, and the GRU one that was not mentioned.',
          `LSTM “${last.word}” (${percent(last.probability)}), GRU “${unsaid.word}” (${percent(unsaid.probability)})`,
        );
        await press('two', 'example', 'Tom lives in the forest');
        await read('two');
        for (const cell of ['lstm', 'gru'] as const) {
          assert.equal((await expects('two', cell))[0].word, 'red', cell);
        }
        claim(
          'two',
          'With three facts of different kinds both are right.',
          `“red”: LSTM ${percent(await chance('two', 'lstm', 'red'))}, GRU ${percent(await chance('two', 'gru', 'red'))}`,
        );
      });

      it('8: where one step at a time is the point', async () => {
        const counts = (): Promise<string[]> =>
          page.evaluate(() =>
            [
              ...document.querySelectorAll('#costs [data-count^=gru], #costs [data-count^=lstm]'),
            ].map((cell) => cell.textContent),
          );
        const early = await counts();
        assert.equal(early.length, 4);
        await page.evaluate(() => {
          const slider = document.querySelector<HTMLInputElement>('#length')!;
          slider.value = slider.max;
          slider.dispatchEvent(new Event('input'));
        });
        const count = (name: string): Promise<string> =>
          page.evaluate(
            (which) => document.querySelector(`#costs [data-count=${which}]`)!.textContent,
            name,
          );
        assert.equal(await count('n'), '1,000,000');
        assert.deepEqual(await counts(), early, 'neither recurrent row cares');
        assert.equal(await count('gru-state'), '64');
        assert.equal(await count('attention-state'), '128,000,000');
        claim(
          'costs',
          'What a recurrent cell keeps and does for a word does not grow; attention’s does.',
          `at a million words: GRU ${await count('gru-state')} numbers and ${await count('gru-work')} multiplications, attention ${await count('attention-state')} and ${await count('attention-work')}`,
        );
        await guess('a chip with some tens of kilobytes', 'A recurrent cell');
        await right();
        await near('stream');
        await press('stream', 'play');
        await until('the stream runs', async () => (await step('stream')) > 2);
      });

      it('every question was answered, every link leads somewhere, and nothing went wrong', async () => {
        const left = await page.evaluate(() =>
          [...document.querySelectorAll('rnn-quiz')]
            .filter((quiz) => !quiz.answered || !quiz.correct)
            .map((quiz) => quiz.textContent.trim().slice(0, 60)),
        );
        assert.deepEqual(left, []);
        const problems = await page.evaluate(() =>
          [...document.querySelectorAll('*')].flatMap((each) =>
            [...(each.shadowRoot?.querySelectorAll('[part~=problem]') ?? [])].map(
              (problem) => `${each.localName}: ${problem.textContent.trim()}`,
            ),
          ),
        );
        assert.deepEqual(problems, []);
        const broken = await page.evaluate(() =>
          [...document.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')]
            .map((link) => link.getAttribute('href')!)
            .filter((href) => !document.querySelector(href)),
        );
        assert.deepEqual(broken, []);
        const files = await page.evaluate(async () => {
          const links = [...document.querySelectorAll<HTMLAnchorElement>('a[href]')]
            .map(({ href }) => href)
            .filter((href) => href.startsWith(location.origin));
          const found = await Promise.all(
            [...new Set(links)].map(async (href) => ((await fetch(href)).ok ? [] : [href])),
          );
          return found.flat();
        });
        assert.deepEqual(files, []);
        assert.deepEqual(page.errors(), []);
      });

      it('fits every width, and paper', async () => {
        for (const width of [360, 768, 1440]) {
          await page.resize({ width, height: 800 });
          await until(`no scrolling sideways at ${width} px`, () =>
            page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
          );
        }
        await page.emulate({ media: 'print' });
        const printed = await page.evaluate(() =>
          ['.do', 'nav', '.try', 'rnn-quiz', 'h2'].map(
            (each) => document.querySelector<HTMLElement>(each)!.offsetHeight > 0,
          ),
        );
        assert.deepEqual(printed, [false, false, true, true, true]);
        await page.emulate({ media: 'screen' });
        await page.resize({ width: 1280, height: 900 });
      });

      it('is printed with every figure, though nobody has seen them yet', async () => {
        await page.goto(`${home()}/demo/`);
        await page.evaluate(() => {
          window.print = () => {
            document.documentElement.dataset['printed'] = [
              ...document.querySelectorAll('rnn-visualizer, gate-diagram, gradient-plot'),
            ]
              .filter((figure) => !figure.closest('[hidden]'))
              .map((figure) => figure.shadowRoot!.textContent)
              .filter((text) => text.includes('Loading'))
              .concat(
                [...document.querySelectorAll('#reach td, #far td')]
                  .map((cell) => cell.textContent)
                  .filter((text) => text === '–'),
              )
              .join();
          };
        });
        await button('Print as a handout');
        const printed = (): Promise<string | null | undefined> =>
          page.evaluate(() => document.documentElement.dataset['printed']);
        await until('it is printed', async () => typeof (await printed()) === 'string');
        assert.equal(await printed(), '');
      });

      it('nothing moves while a reader scrolls down', async () => {
        await page.goto(`${home()}/demo/`);
        const moved = await page.evaluate(async () => {
          const shifts: number[] = [];
          if (!PerformanceObserver.supportedEntryTypes.includes('layout-shift')) return shifts;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
              shifts.push((entry as PerformanceEntry & { readonly value: number }).value);
            }
          }).observe({ type: 'layout-shift', buffered: true });
          for (let y = 0; y < document.documentElement.scrollHeight; y += 300) {
            scrollTo({ top: y, behavior: 'instant' });
            await new Promise((resolve) => setTimeout(resolve, 60));
          }
          await new Promise((resolve) => setTimeout(resolve, 1000));
          return shifts;
        });
        assert.deepEqual(moved, []);
        const origins = await page.evaluate(() => [
          ...new Set(
            performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin),
          ),
        ]);
        assert.deepEqual(origins, [home()], 'nobody else is asked');
      });

      it('without scripts it is prose with sentences, questions and formulas', async () => {
        const seen = await page.evaluate(async () => {
          const frame = document.createElement('iframe');
          frame.sandbox.add('allow-same-origin');
          frame.src = location.href;
          frame.width = '800';
          frame.height = '600';
          document.body.append(frame);
          await new Promise((resolve) => frame.addEventListener('load', resolve));
          const inside = frame.contentDocument!;
          const shown = (selector: string): boolean[] =>
            [...inside.querySelectorAll<HTMLElement>(selector)].map(
              (each) => each.getBoundingClientRect().height > 10,
            );
          return {
            figures: shown('rnn-visualizer, gate-diagram[text], gradient-plot[text]'),
            questions: shown('rnn-quiz > p, rnn-quiz li'),
            formulas: shown('math'),
            buttons: shown('button, input'),
            wide: inside.documentElement.scrollWidth > 800,
          };
        });
        const { buttons, wide, ...kept } = seen;
        for (const [what, each] of Object.entries(kept)) {
          assert.ok(each.length > 3 && each.every(Boolean), what);
        }
        assert.ok(!buttons.some(Boolean), 'nothing that does nothing');
        assert.equal(wide, false);
      });

      it('the list of claims says what was measured', () => {
        const table = [
          '| Claim | Where | Measured |',
          '| --- | --- | --- |',
          ...claims.map(
            ({ claim: text, place, figure }) =>
              `| ${text} | [#${place}](../demo/index.html#${place}) | ${figure} |`,
          ),
        ].join('\n');
        const [, above, listed, below] =
          /^([^]*<!-- claims:start -->)([^]*)(<!-- claims:end -->[^]*)$/.exec(
            readFileSync(report, 'utf8'),
          )!;
        if (process.env['RNN_WRITE']) {
          writeFileSync(report, `${above}\n\n${table}\n\n${below}`);
          return;
        }
        const cells = (markdown: string): string[][] =>
          markdown
            .split('\n')
            .filter((line) => line.startsWith('|') && !/^\| *:?-/.test(line))
            .map((line) => line.split('|').map((cell) => cell.trim()));
        assert.deepEqual(cells(listed), cells(table));
      });
    });
  }
});
