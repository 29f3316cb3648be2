// The gallery of demo/authors: what stands below each figure is what the networks do, and its link means the figure.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromQuery } from '../../demo/authors/snippets.js';
import type { CellType } from '../../src/engine/index.js';
import { NumberWriter } from '../../src/model/describe.js';
import { randomModel } from '../../src/model/random-model.js';
import { loadModel } from '../../src/model/index.js';
import { Reading } from '../../src/model/reading.js';
import type { SentenceModel } from '../../src/model/sentence-model.js';
import { storyModel } from '../../src/model/shipped.js';
import { tokenize, type Token, type TokenMode } from '../../src/model/tokenizer.js';
import { elementsIn, parseHtml, textOf, type Markup } from '../support/markup.js';

const pages = new URL('../../demo/authors/', import.meta.url);
const pageOf = (name: string): Markup[] =>
  elementsIn(parseHtml(readFileSync(new URL(name, pages), 'utf8')));
const page = pageOf('gallery.html');
const figures = page.filter(({ tag }) => tag === 'figure');
const titles = page.filter(({ tag }) => tag === 'h2').map((each) => textOf(each));

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
const find = (parent: Markup, tag: string): Markup[] =>
  elementsIn(parent.children).filter((each) => each.tag === tag);

/** The element of a figure, with the sentences that can be read there. */
function shown(figure: Markup): { element: Markup; texts: string[] } {
  const element = elementsIn(figure.children)[0];
  const examples = find(element, 'li').map((each) => plain(textOf(each)));
  const text = plain(textOf(element, 'ul'));
  // the sentence of the figure is the first of them, so that a reader can come back to it
  assert.ok(examples.length === 0 || examples[0] === text, text);
  return { element, texts: examples.length > 0 ? examples : [text] };
}

const numbers = new NumberWriter('en');

/** The network that reads in a figure. */
async function modelOf(
  { attributes }: Markup,
  cell: CellType,
  tokens: Token[],
  forgetBias: number,
): Promise<SentenceModel> {
  const story = await storyModel(cell);
  const words = tokens.filter(({ mark }) => !mark);
  const known = words.filter((each) => story.knows(each)).length / words.length;
  const { model = known >= 2 / 3 ? 'story' : 'random', seed = '1' } = attributes;
  if (model === 'story') return story;
  if (model === 'random') return randomModel(cell, { seed: Number(seed), forgetBias });
  const file = loadModel(readFileSync(new URL(model, pages)));
  assert.equal(file.cell.cell, cell);
  return file;
}

/**
 * What a claim has to say: “gru expects red” (its probability), “rnn says” (the best word), “lstm keeps 3” (memory),
 * “gru update 7” (mean of a gate); “at 7”: after that word; “in 1”: of another sentence; “bias 0”: with that gate bias.
 */
async function truth(figure: Markup, claim: string): Promise<string> {
  const { element, texts } = shown(figure);
  const grammar =
    /^(feedforward|rnn|lstm|gru) (expects|says|keeps|update)(?: (\w+))??(?: at (\d+))?(?: in (\d+))?(?: bias (\d+))?$/;
  const match = grammar.exec(claim);
  assert.ok(match, claim);
  const [, cell, what, object = '', at, index = '0', bias = '3'] = match;
  const { tokens: mode = 'words', lang = 'en' } = element.attributes;
  const tokens = tokenize(texts[Number(index)], mode as TokenMode, lang);
  const reading = new Reading(
    await modelOf(element, cell as CellType, tokens, Number(bias)),
    tokens,
  );
  reading.readTo(tokens.length);
  const t = at === undefined ? tokens.length - 1 : Number(at);
  if (what === 'keeps') return numbers.percent(reading.memory(t, Number(object)).ratio!);
  if (what === 'update') return numbers.value(reading.gateMean(what, Number(object)));
  const all = reading.predictions(t, 1000)!;
  if (what === 'says') return all[0].word;
  return numbers.probability(all.find(({ word }) => word === object)!.probability);
}

test('there are ten figures, each with claims about the cells that it shows', () => {
  assert.equal(figures.length, 10);
  assert.equal(new Set(titles).size, 10);
  for (const figure of figures) {
    const { attributes } = shown(figure).element;
    const { cell = '', compare = cell } = attributes;
    const claims = find(figure, 'data').map(({ attributes: { value } }) => value);
    assert.ok(claims.length >= 3, claims.join());
    for (const claim of claims) {
      if (claim !== 'words between') assert.ok(compare.split(' ').includes(claim.split(' ')[0]));
    }
    // nobody writes a number past the test
    const [caption] = find(figure, 'figcaption');
    assert.doesNotMatch(textOf(caption, 'data'), /\d%|\d\.\d/);
  }
});

for (const [i, figure] of figures.entries()) {
  test(`${titles[i]}: what is said is what the networks do`, async () => {
    for (const data of find(figure, 'data')) {
      const { value } = data.attributes;
      if (value === 'words between') {
        const [text] = shown(figure).texts;
        const words = tokenize(text, 'words', 'en').filter(({ mark }) => !mark);
        const kites = words.flatMap(({ key }, index) => (key === 'kite' ? [index] : []));
        // between the fact and “The kite of Anna is”
        assert.equal(textOf(data), String(kites[1] - kites[0] - 2));
      } else assert.equal(textOf(data), await truth(figure, value), `${titles[i]}: ${value}`);
    }
  });

  test(`${titles[i]}: “Build your own from this” means this figure`, () => {
    const { element, texts } = shown(figure);
    const { href } = find(figure, 'a')[0].attributes;
    assert.match(href, /^build\.html#/);
    const { element: tag, text, lang, dir, attributes } = fromQuery(href.replace(/^.*#/, ''));
    assert.equal(tag, element.tag);
    assert.equal(text, texts[0]);
    assert.deepEqual(
      { ...attributes, ...(lang && { lang }), ...(dir && { dir }) },
      element.attributes,
    );
  });
}

test('Your own network: what is said is what the network of the file does', async () => {
  const [figure] = pageOf('own-network.html').filter(({ tag }) => tag === 'figure');
  const claims = find(figure, 'data');
  assert.ok(claims.length >= 4);
  for (const data of claims) {
    const { value } = data.attributes;
    assert.equal(textOf(data), await truth(figure, value), value);
  }
});
