// Every reader of <rnn-trainer>: assistive technology and keyboard, any width, before, during and after a training.

import { expect } from '@open-wc/testing';
import { emulateMedia, sendKeys, tabThrough } from '../support/browser.js';
import '../../src/define/rnn-trainer.js';
import '../../src/define/rnn-visualizer.js';
import { trainingLimits, type NumericSetting } from '../../src/model/training/settings.js';
import { eventually, frame, seen } from '../support/figure.js';
import { long, mountTrainer, servedWorkers, small, type Trainer } from '../support/trainer.js';

servedWorkers();

afterEach(async () => {
  await emulateMedia({ colorScheme: 'light' });
  document.documentElement.style.colorScheme = '';
  document.body.style.background = '';
});

/** Opens all that can be opened. */
async function unfold(trainer: Trainer): Promise<void> {
  trainer.part('disclosure-settings').querySelector('summary')!.click();
  await eventually(() => trainer.root.querySelector('input[name=seed]'), 'settings');
  await trainer.tables();
}

async function widen(trainer: Trainer, width: number): Promise<void> {
  trainer.element.parentElement!.style.width = `${width}px`;
  for (let i = 0; i < 3; i++) await frame();
  await trainer.settled();
}

/** Nothing is wider than its place, nor stands beside it, but what scrolls by itself. */
function fits(trainer: Trainer, width: number, when: string): void {
  const place = trainer.element.parentElement!.getBoundingClientRect();
  expect(place.width).to.equal(width);
  expect(trainer.element.scrollWidth, `${when}, ${width} px`).to.be.at.most(width);
  for (const each of trainer.root.querySelectorAll('*')) {
    if (each.closest('.scroll, .hidden, .results') && !each.matches('.scroll')) continue;
    const { left, right, width: own } = each.getBoundingClientRect();
    if (own === 0) continue;
    const what = `${when}, ${width} px: <${each.localName} class="${each.getAttribute('class') ?? ''}"> ${seen(each).slice(0, 40)}`;
    expect(right, what).to.be.at.most(place.right + 1.01);
    expect(left, what).to.be.at.least(place.left - 1);
  }
}

describe('readers of a training', () => {
  for (const scheme of ['light', 'dark'] as const) {
    it(`with assistive technology find no barrier before, during and after (${scheme})`, async function () {
      await emulateMedia({ colorScheme: scheme });
      document.documentElement.style.colorScheme = 'light dark';
      document.body.style.background = 'Canvas'; // axe takes a page without a background for white
      const trainer = await mountTrainer(
        `${long} for="reads"`,
        '<rnn-visualizer id="reads" controls="none"></rnn-visualizer>',
      );
      await expect(trainer.element).to.be.accessible();
      await unfold(trainer);
      await trainer.runs();
      await expect(trainer.element).to.be.accessible();
      expect(trainer.running, 'during').to.equal(true);
      await trainer.press('Pause');
      await expect(trainer.element).to.be.accessible();
      await trainer.press('Stop');
      await trainer.ask(7);
      await trainer.load('no network');
      await trainer.set('seed', '-1');
      trainer.element.setAttribute('controls', 'all wheel');
      await trainer.settled();
      expect(trainer.parts('problem')).to.have.length(1);
      await expect(trainer.element).to.be.accessible();
    });
  }

  it('have no sideways scrolling from 280 to 1280 pixels, before, during and after', async function () {
    const trainer = await mountTrainer(`gap="100" for="reads" ${long}`);
    const widths = [280, 320, 360, 480, 640, 768, 1000, 1280];
    for (const width of widths) {
      await widen(trainer, width);
      fits(trainer, width, 'before');
    }
    await unfold(trainer);
    await trainer.runs();
    for (const width of [280, 768, 1280]) {
      await widen(trainer, width);
      fits(trainer, width, 'during');
    }
    await trainer.press('Stop');
    await trainer.ask(1000);
    await trainer.load('no network', `${'a-file-with-a-long-name-'.repeat(4)}.safetensors`);
    for (const width of widths) {
      await widen(trainer, width);
      fits(trainer, width, 'after');
    }
  });

  it('with a keyboard reach everything in order, and keep their place when what they press changes', async function () {
    const trainer = await mountTrainer(small);
    const order: string[] = [];
    await tabThrough(trainer.element, (stop) => {
      order.push(stop.getAttribute('name') ?? (seen(stop) || stop.localName));
      const outline = getComputedStyle(stop);
      const visible = outline.outlineStyle !== 'none' || outline.boxShadow !== 'none';
      if (!stop.matches('[type=file]')) expect(visible, `focus on ${order.at(-1)}`).to.equal(true);
    });
    const places = [
      'rnn',
      'gap',
      'examples',
      'Start training',
      'One step',
      'Stop',
      'test-gap',
      'Ask',
    ];
    expect(order.filter((name) => places.includes(name))).to.deep.equal(places);
    expect(order.at(-1)).to.equal('All numbers as a table');

    const start = trainer.part('start');
    start.focus();
    // (it may be over before the key is said to be pressed)
    const shown: [string, Element | null][] = [];
    new MutationObserver(() => shown.push([seen(start), trainer.root.activeElement])).observe(
      start,
      { childList: true, characterData: true, subtree: true },
    );
    await sendKeys({ press: 'Enter' });
    await trainer.finished();
    expect(shown.map(([label]) => label)).to.include('Pause');
    for (const [label, focused] of shown) expect(focused, label).to.equal(start);
    expect(trainer.root.activeElement, 'still there when it has ended').to.equal(start);
    expect(seen(start)).to.equal('Train anew');
  });

  it('hear of a cell that gets it, not of every step', async function () {
    const trainer = await mountTrainer('cells="gru" gap="0" steps="300" hidden-size="16"');
    const said: string[] = [];
    new MutationObserver(() => {
      if (said.at(-1) !== trainer.narration) said.push(trainer.narration);
    }).observe(trainer.part('narration'), { childList: true, characterData: true, subtree: true });
    await trainer.press('Start training');
    await trainer.finished();
    const [{ learnedAt }] = trainer.heard('rnn-train-complete')[0].cells;
    expect(said).to.have.length(4);
    expect(said.slice(0, 2)).to.deep.equal(['Starting …', 'Training: GRU.']);
    expect(said[2]).to.match(new RegExp(`^GRU: \\S+ right after ${learnedAt} steps\\.$`));
    expect(said[3]).to.match(/^Finished after 300 steps\. Right answers: GRU \S+\.$/);
  });
});

describe('what the documentation says of the attributes', () => {
  it('the range of each number is the one that is taken', async () => {
    interface Manifest {
      modules: { declarations?: { tagName?: string; members?: Member[] }[] }[];
    }
    interface Member {
      name: string;
      description?: string;
    }
    const manifest = (await (await fetch('/custom-elements.json')).json()) as Manifest;
    const members = manifest.modules
      .flatMap(({ declarations }) => declarations ?? [])
      .find(({ tagName }) => tagName === 'rnn-trainer')!.members!;
    for (const [name, { min, max }] of Object.entries(trainingLimits)) {
      const { description = '' } = members.find((each) => each.name === name)!;
      const found = /([−\d.,]+) to ([\d.,]+\d)/.exec(description);
      if (!found) continue;
      const [low, high] = found
        .slice(1)
        .map((each) => Number(each.replace('−', '-').replaceAll(',', '')));
      expect([low, high], `${name}: ${description}`).to.deep.equal([min, max]);
      const trainer = await mountTrainer('controls="transport"');
      Object.assign(trainer.element, { [name as NumericSetting]: high });
      await trainer.settled();
      expect(trainer.heard('rnn-error'), name).to.deep.equal([]);
    }
  });
});
