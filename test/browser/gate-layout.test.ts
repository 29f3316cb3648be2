// How a <gate-diagram> fits: any width, large text, nothing on top of anything else.

import { expect } from '@open-wc/testing';
import '../../src/define/gate-diagram.js';
import { cellTypes } from '../../src/engine/index.js';
import { frame } from '../support/figure.js';
import { page, type Diagram } from '../support/diagram.js';

interface Box {
  readonly name: string;
  readonly kind: 'strip' | 'operation' | 'name' | 'mean';
  readonly of: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where something of the drawing stands, in units of the drawing and without the strokes around it. */
function boxOf(toDrawing: DOMMatrix, element: SVGGraphicsElement, kind: Box['kind']): Box {
  const { x, y, width, height } = element.getBBox();
  const place = toDrawing.multiply(element.getScreenCTM()!);
  const [left, top] = [x + place.e, y + place.f];
  // letters stand in the middle of the line that is kept free for them
  const air = kind === 'name' || kind === 'mean' ? height * 0.22 : 0;
  const of = element.closest<SVGElement>('[data-node]')?.dataset['node'] ?? 'nothing';
  return {
    name: `${kind} of ${of}`,
    kind,
    of,
    left,
    top: top + air,
    right: left + width,
    bottom: top + height - air,
  };
}

/** Strips, operations and texts of a drawing. */
function boxesOf(diagram: Diagram): Box[] {
  const toDrawing = diagram.drawing.getScreenCTM()!.inverse();
  const all = (selector: string, kind: Box['kind']): Box[] =>
    [...diagram.drawing.querySelectorAll<SVGGraphicsElement>(selector)]
      .map((element) => boxOf(toDrawing, element, kind))
      .filter(({ left, right }) => right > left);
  return [
    ...all('.bed', 'strip'),
    ...all('.operation rect', 'operation'),
    ...all('text.name', 'name'),
    ...all('text.mean', 'mean'),
  ];
}

/** How deep two boxes lie in each other. */
const overlap = (a: Box, b: Box): number =>
  Math.min(
    Math.min(a.right, b.right) - Math.max(a.left, b.left),
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
  );

/** Everything that is wrong with a drawing, in words. */
function faults(diagram: Diagram): string[] {
  const boxes = boxesOf(diagram);
  const found: string[] = [];
  for (const [i, a] of boxes.entries()) {
    for (const b of boxes.slice(i + 1)) {
      const depth = overlap(a, b);
      if (depth > 0.5) found.push(`${a.name} and ${b.name} overlap by ${depth.toFixed(1)}`);
    }
    if (a.kind !== 'name') continue;
    // whatever stands right of a name in its row keeps a distance
    for (const b of boxes) {
      const row = Math.min(a.bottom, b.bottom + 18) - Math.max(a.top, b.top - 18);
      if (b.kind === 'strip' && b.left > a.left + 1 && row > 0 && a.right > b.left) {
        found.push(`${a.name} runs over ${b.name} by ${(a.right - b.left).toFixed(1)}`);
      }
    }
  }
  const { width, height } = diagram.drawing.viewBox.baseVal;
  for (const box of boxes) {
    const outside = Math.max(-box.left, -box.top, box.right - width, box.bottom - height);
    // slanted letters lean over their edge
    if (outside > (box.kind === 'name' ? 2 : 0.5))
      found.push(`${box.name} stands outside by ${outside.toFixed(1)}`);
  }
  return found;
}

/** Nothing of the diagram is wider than its place. */
function overflowing(diagram: Diagram): string[] {
  const { element, root } = diagram;
  const { left, right } = element.getBoundingClientRect();
  const found =
    element.scrollWidth > element.clientWidth ? [`scrolls: ${element.scrollWidth}`] : [];
  for (const each of root.querySelectorAll(
    'button, input, p, table, fieldset, svg, .narration, section',
  )) {
    const box = each.getBoundingClientRect();
    // what is only for who listens is a pixel somewhere
    if (box.width < 2) continue;
    if (box.left < left - 1 || box.right > right + 1) {
      found.push(
        `${each.localName}.${each.getAttribute('class') ?? ''} ${each.getAttribute('part') ?? ''}: ${box.left - left} to ${box.right - right}`,
      );
    }
  }
  return found;
}

/** A diagram of every cell, in places of the same width. */
async function all(
  text = '',
): Promise<{ diagrams: Diagram[]; widen: (width: number) => Promise<void> }> {
  const { diagrams, place } = await page(
    cellTypes
      .map((cell) => `<gate-diagram cell="${cell}" step="9" model="random">${text}</gate-diagram>`)
      .join(''),
  );
  for (const diagram of diagrams) await diagram.until('rnn-ready');
  for (const diagram of diagrams.slice(2)) {
    diagram.diagram.hold('forget', 0.25);
    diagram.diagram.hold('update', 0.25);
    await diagram.choose(diagram.ids.includes('forget') ? 'forget' : 'update');
  }
  return {
    diagrams,
    async widen(width) {
      place.style.width = `${width}px`;
      // the observer of the width reports with the next frame, and draws after it
      for (let i = 0; i < 2; i++) await frame();
      await new Promise((resolve) => setTimeout(resolve));
      for (const diagram of diagrams) await diagram.settled();
    },
  };
}

const steps = (from: number, to: number, by: number): number[] =>
  Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);

describe('at every width', () => {
  it('nothing of a drawing stands on anything else', async function () {
    const { diagrams, widen } = await all();
    const found: string[] = [];
    for (const width of steps(280, 1280, 40)) {
      await widen(width);
      for (const [i, diagram] of diagrams.entries()) {
        found.push(...faults(diagram).map((each) => `${cellTypes[i]} at ${width}: ${each}`));
      }
    }
    expect(found.slice(0, 40), `${found.length} in all`).to.deep.equal([]);
  });

  it('not even a long word', async () => {
    const found: string[] = [];
    for (const word of ['WWWWWWWWWWWWWWWW', 'プログラミング言語']) {
      const { diagrams, widen } = await all(`One two three four five six seven eight ${word}`);
      for (const diagram of diagrams) await diagram.toTheEnd();
      for (const width of [280, 620, 1280]) {
        await widen(width);
        for (const [i, diagram] of diagrams.entries()) {
          for (const each of [...faults(diagram), ...overflowing(diagram)]) {
            found.push(`${word}, ${cellTypes[i]} at ${width}: ${each}`);
          }
        }
      }
    }
    expect(found.slice(0, 40), `${found.length} in all`).to.deep.equal([]);
  });

  it('nothing runs over the edge', async () => {
    const { diagrams, widen } = await all();
    const found: string[] = [];
    for (const width of [280, 320, 360, 480, 600, 768, 1000, 1280]) {
      await widen(width);
      for (const [i, diagram] of diagrams.entries()) {
        expect(diagram.element.getBoundingClientRect().width).to.equal(width);
        found.push(...overflowing(diagram).map((each) => `${cellTypes[i]} at ${width}: ${each}`));
      }
    }
    expect(found).to.deep.equal([]);
  });

  it('the state runs downwards where it is narrow, to the right where there is room, with the texts below or beside', async () => {
    const { diagrams, widen } = await all();
    for (const width of [280, 360, 560, 640, 768, 1000, 1280]) {
      await widen(width);
      for (const diagram of diagrams) {
        const box = (id: 'x' | 'h'): DOMRect =>
          diagram.node(id).querySelector('.bed')!.getBoundingClientRect();
        const [x, h] = [box('x'), box('h')];
        if (width < 600) expect(h.top, `down at ${width}`).to.be.above(x.bottom);
        else expect(h.left, `right at ${width}`).to.be.above(x.right);
        const drawing = diagram.drawing.getBoundingClientRect();
        const texts = diagram.part('explanation').getBoundingClientRect();
        if (width < 960) expect(texts.top, `below at ${width}`).to.be.above(drawing.bottom);
        else {
          expect(texts.left, `beside at ${width}`).to.be.above(drawing.right);
          expect(texts.top).to.be.below(drawing.bottom);
        }
      }
    }
  });
});

describe('with large text', () => {
  for (const [name, size] of [
    ['200%', '32px'],
    ['150%', '24px'],
  ]) {
    it(`of ${name} everything fits`, async () => {
      const { diagrams, widen } = await all();
      const found: string[] = [];
      for (const diagram of diagrams) diagram.element.style.fontSize = size;
      for (const width of [320, 321, 480, 640, 960, 1280]) {
        await widen(width);
        for (const [i, diagram] of diagrams.entries()) {
          for (const each of [...faults(diagram), ...overflowing(diagram)]) {
            found.push(`${cellTypes[i]} at ${width}: ${each}`);
          }
        }
      }
      expect(found.slice(0, 40), `${found.length} in all`).to.deep.equal([]);
    });
  }

  it('the drawing grows with it', async () => {
    const { diagrams, widen } = await all();
    const letters = (): number =>
      diagrams[2].node('c').querySelector('.name')!.getBoundingClientRect().width;
    await widen(1280);
    const before = letters();
    diagrams[2].element.style.fontSize = '32px';
    await widen(1281);
    expect(letters() / before).to.be.closeTo(2, 0.15);
  });
});
