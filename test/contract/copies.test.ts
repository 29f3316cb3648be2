// The library loaded more than once: the first copy stays, and each further one says so, once.

import { expect } from '@open-wc/testing';
import '../../src/define/all.js'; // the pages bring their own
import { define } from '../../src/define/define.js';
import { comesToWork, markup, tags } from '../support/every.js';
import { eventually, Figure } from '../support/figure.js';
import { bundle, openMade, standalone } from '../support/pages.js';

const one = '/dist/rnn-visualizer.js';
const other = '/other-version/rnn-elements.js';
const otherStandalone = '/other-version/rnn-elements.standalone.js';

/** What the copies said: each a pair of versions, that of the first copy and its own. */
function notices(said: readonly string[]): string[][] {
  return said.map((line) => {
    const found =
      /^info: rnn-elements: <[a-z-]+> is already defined by version ([\d.]+); version ([\d.]+) /.exec(
        line,
      );
    expect(found, line).to.be.ok;
    return found!.slice(1);
  });
}

describe('A page with the library twice, in two versions, as module and standalone script', () => {
  const [ours, theirs] = ['0.1.0', '99.0.0'];
  for (const [scripts, expected] of [
    [[bundle, `${bundle}?again`], [[ours, ours]]],
    [[bundle, other], [[ours, theirs]]],
    [[other, bundle], [[theirs, ours]]],
    [[standalone, bundle], [[ours, ours]]],
    [[standalone, other], [[ours, theirs]]],
    [[otherStandalone, bundle], [[theirs, ours]]],
    [[standalone, otherStandalone], [[ours, theirs]]],
    [
      [bundle, other, `${bundle}?again`],
      [
        [ours, theirs],
        [ours, ours],
      ],
    ],
    [[one, other], [[ours, theirs]]],
  ] as const) {
    it(scripts.join(', then '), async function () {
      const page = await openMade({ scripts, body: tags.map((tag) => markup(tag)).join('') });
      expect(notices(page.said)).to.deep.equal(expected);
      const mark = Symbol.for('rnn-elements.version');
      for (const tag of tags) {
        const version: unknown = Reflect.get(page.customElements.get(tag)!, mark);
        const isFirst = scripts[0] !== one || tag === 'rnn-visualizer';
        expect(version, tag).to.equal(isFirst ? expected[0][0] : expected[0][1]);
        await comesToWork(page.document.querySelector(tag)!);
      }
      expect([...page.thrown]).to.deep.equal([]);
      expect(page.said, 'nothing more is said').to.have.length(expected.length);
    });
  }

  it('figures of one copy follow those of another', async function () {
    const page = await openMade({
      scripts: [one, other],
      body: `<rnn-visualizer id="chain"></rnn-visualizer><gate-diagram for="chain"></gate-diagram>`,
    });
    const figure = new Figure(page.document.querySelector('rnn-visualizer')!);
    const diagram = page.document.querySelector('gate-diagram')!;
    await eventually(() => figure.element.trace, 'the weights');
    await figure.next(3);
    await eventually(() => diagram.step === 3);
    diagram.next();
    expect(figure.element.step).to.equal(4);
    expect([...page.thrown]).to.deep.equal([]);
  });

  it('the same class again is no second copy', () => {
    const said: unknown[] = [];
    const { info } = console;
    console.info = (line: unknown) => said.push(line);
    define('rnn-visualizer', customElements.get('rnn-visualizer')!);
    console.info = info;
    expect(said).to.deep.equal([]);
  });
});
