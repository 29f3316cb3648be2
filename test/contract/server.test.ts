// Pages that a server drew with lit-ssr, in the browser: taken over, changed on their way, under a strict policy, with a
// bundle, without JavaScript. What the server does: project/server.test.ts.

import { expect } from '@open-wc/testing';
import '../../src/define/all.js'; // the pages bring their own
import { comesToWork, markup, text, wordsInside, type Every, type Tag } from '../support/every.js';
import { eventually, frame, seen } from '../support/figure.js';
import {
  addressOf,
  addScript,
  bundle,
  openMade,
  openWithout,
  standalone,
  strictPolicy,
  type Page,
} from '../support/pages.js';
import { wait } from '../support/trainer.js';

interface Declaration {
  readonly tagName?: Tag;
  readonly attributes: readonly { readonly name: string }[];
  readonly events: readonly { readonly name: string }[];
}

/** All that the library has. */
const { modules } = (await (await fetch('/custom-elements.json')).json()) as {
  readonly modules: readonly { readonly declarations: readonly Declaration[] }[];
};
const published = modules
  .flatMap(({ declarations }) => declarations)
  .flatMap(({ tagName: tag, attributes, events }) => (tag ? [{ tag, attributes, events }] : []));
const tags = published.map(({ tag }) => tag);
const tagsThatRead = published
  .filter(({ attributes }) => attributes.some(({ name }) => name === 'text'))
  .map(({ tag }) => tag);
const events = new Set(published.flatMap((each) => each.events.map(({ name }) => name)));

const hashes = (await (await fetch('/dist/server-style-hashes.json')).json()) as Record<
  Tag,
  readonly string[]
>;
const hashedPolicy = `${strictPolicy} ${tags
  .flatMap((tag) => hashes[tag])
  .map((hash) => `'${hash}'`)
  .join(' ')}`;

const hydrate = '/test/contract/pages/hydrate.js';
const ownHydrate = '/test/contract/pages/own-hydrate.js';

/** Markup with the sentence in the attribute, for those that have it; the others get it as a child. */
const withText = (tag: Tag): string => markup(tag, `text="${text}"`);
const all = tags.map(withText).join('\n');

const only = (page: Page, tag: Tag): Every => page.document.querySelector(tag)!;

/** What is in a shadow root, but for styles. */
const nodesOf = ({ shadowRoot }: Every): Element[] => [
  ...shadowRoot!.querySelectorAll('*:not(style)'),
];

/** The frame that an element shows: its words, and its parts in order. */
const frameOf = (element: Every): unknown => [
  [...element.shadowRoot!.children].filter((child) => child.localName !== 'style').map(seen),
  nodesOf(element).flatMap((node) => node.getAttribute('part') ?? []),
];

/** Waits until everything that was asked for is drawn. */
async function settled(element: Every): Promise<void> {
  while (!(await element.updateComplete));
}

/** Puts everything on a page far below what is seen, in a place as wide as the server assumes: elements there draw no more. */
async function putAside(page: Page): Promise<void> {
  const { style } = page.document.body;
  style.margin = '4000px 0';
  style.inlineSize = '680px';
  page.scrollTo(0, 0);
  await frame();
}

/** What was said and thrown on a page; what Lit says to its users while they develop is none of it. */
const complaints = ({ said, thrown }: Page): string[] => [
  ...thrown,
  ...said.filter((line) => !/lit\.dev\/msg\/(dev-mode|change-in-update) /.test(line)),
];

/** With the script added, if it is not there yet, each element works and tells the page of it. */
async function comesToLife(page: Page, script?: string): Promise<void> {
  const told = new Set<string>();
  for (const name of events) {
    page.addEventListener(name, ({ target, type }) => {
      told.add(`${type} of ${(target as Element).localName}`);
    });
  }
  if (script) await addScript(page, script);
  for (const element of page.document.querySelectorAll<Every>(tags.join())) {
    await comesToWork(element);
    expect([...told].join(), element.localName).to.contain(`of ${element.localName}`);
  }
  expect([...told].join()).not.to.contain('rnn-error');
}

describe('A page that a server drew', () => {
  for (const tag of tags) {
    it(`${tag} shows the first frame, as a browser draws it before anything is loaded`, async () => {
      const drawn = await openMade({ served: true, body: withText(tag) });
      const element = only(drawn, tag);
      if (tagsThatRead.includes(tag))
        expect(seen(element.shadowRoot!.lastElementChild)).to.contain(text);
      const fresh = await openMade({ body: withText(tag) });
      await putAside(fresh);
      await addScript(fresh, '/dist/define/all.js');
      await settled(only(fresh, tag));
      expect(frameOf(element)).to.deep.equal(frameOf(only(fresh, tag)));
      const { left, right } = element.getBoundingClientRect();
      expect(right - left).to.be.above(100);
    });

    it(`${tag} shows the text between its tags in its slot`, async () => {
      const drawn = await openMade({ served: true, body: markup(tag) });
      const element = only(drawn, tag);
      const [slot, ...others] = element.shadowRoot!.querySelectorAll('slot:not([name])');
      expect(others).to.deep.equal([]);
      const assigned = (slot as HTMLSlotElement).assignedNodes().map((node) => node.textContent);
      expect(assigned).to.deep.equal([wordsInside(tag)]);
      const range = drawn.document.createRange();
      range.selectNodeContents(element);
      expect(range.getBoundingClientRect().height).to.be.above(10);
    });

    it(`${tag} takes over every node that is there, and works`, async () => {
      const page = await openMade({ served: true, body: withText(tag) });
      const element = only(page, tag);
      const nodes = nodesOf(element);
      expect(nodes.length).to.be.above(3);
      await putAside(page);
      await addScript(page, hydrate);
      await settled(element);
      await wait(100);
      expect(nodesOf(element)).to.deep.equal(nodes);
      await comesToLife(page);
      expect(complaints(page)).to.deep.equal([]);
    });

    it(`${tag} reads the text between its tags, and works`, async () => {
      const page = await openMade({ served: true, body: markup(tag) });
      await comesToLife(page, hydrate);
      expect(complaints(page)).to.deep.equal([]);
    });
  }

  for (const tag of tagsThatRead) {
    it(`${tag} shows all that it would have drawn by itself, once it is at work`, async () => {
      const [page, fresh] = await Promise.all(
        [true, false].map((served) => openMade({ served, body: withText(tag) })),
      );
      const [element, other] = [only(page, tag), only(fresh, tag)];
      await addScript(page, hydrate);
      await addScript(fresh, '/dist/define/all.js');
      for (const each of [element, other]) await comesToWork(each);
      expect(frameOf(element)).to.deep.equal(frameOf(other));
    });
  }

  it('all on one page, at another width than the server assumes', async () => {
    const page = await openMade({ served: true, body: all });
    page.document.body.style.inlineSize = '900px';
    await comesToLife(page, hydrate);
    expect(complaints(page)).to.deep.equal([]);
  });
});

/** Every node of a kind below a shadow root. */
function below(root: ShadowRoot, kind: number): Node[] {
  const walker = root.ownerDocument.createTreeWalker(root, kind);
  const found: Node[] = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

/** What may have become of a server's drawing. */
const changes: Readonly<Record<string, (root: ShadowRoot) => void>> = {
  'by another version, with other templates': (root) => {
    for (const node of below(root, NodeFilter.SHOW_COMMENT)) {
      node.nodeValue = node.nodeValue!.replace(/^lit-part \S+/, 'lit-part AAAAAAAAAAA=');
    }
  },
  'by another version, with less in it': (root) => {
    root.querySelector('div > div, div > slot, slot')!.remove();
  },
  'without comments, as some make pages smaller': (root) => {
    for (const node of below(root, NodeFilter.SHOW_COMMENT)) (node as Comment).remove();
  },
  'with a <font> around every text, as translators have it': (root) => {
    for (const node of below(root, NodeFilter.SHOW_TEXT)) {
      if (!node.textContent!.trim() || node.parentElement?.localName === 'style') continue;
      const font = document.createElement('font' as string);
      node.parentNode!.replaceChild(font, node);
      font.append(node);
    }
    root.append(document.createElement('font' as string));
  },
  'with something put into it': (root) => {
    root.querySelector('div')!.prepend(document.createElement('aside'));
  },
  'with nothing left in it': (root) => {
    root.replaceChildren();
  },
};

describe('A page that a server drew and something changed on its way', () => {
  for (const [name, change] of Object.entries(changes)) {
    for (const tag of tags) {
      it(`${tag} ${name}: it is drawn anew, without an error, and works`, async () => {
        const page = await openMade({ served: true, body: withText(tag) });
        const element = only(page, tag);
        const meant = frameOf(element);
        change(element.shadowRoot!);
        await putAside(page);
        await addScript(page, hydrate);
        await settled(element);
        expect(frameOf(element)).to.deep.equal(meant);
        expect(element.shadowRoot!.querySelectorAll('font, aside')).to.have.length(0);
        await comesToLife(page);
        // Lit says so where it finds none of its marks
        expect(
          complaints(page).filter((each) => !/exactly one root part/.test(each)),
        ).to.deep.equal([]);
      });
    }
  }
});

/** What every node looks like: of its styles what an element's own rules decide. */
const looks = (page: Page, element: Every): string[] =>
  nodesOf(element).map((node) => {
    const { display, position, color, backgroundColor, fontSize, padding, inlineSize, blockSize } =
      page.getComputedStyle(node);
    return [
      [node.localName, node.getAttribute('class'), display, position, color, backgroundColor],
      [fontSize, padding, inlineSize, blockSize],
    ].join();
  });

/** The same page with a policy and without one. */
const underPolicy = (policy: string, body: string): Promise<Page[]> =>
  Promise.all([policy, undefined].map((each) => openMade({ served: true, policy: each, body })));

describe('A page that a server drew, under a strict policy', () => {
  it('the styles in it are refused, and adopted when it is taken over: one report each, and nothing worse', async () => {
    const [page, free] = await underPolicy(strictPolicy, all);
    expect(page.violations.map((each) => each.split(' ', 2).join(' '))).to.deep.equal(
      tags.map(() => 'style-src-elem: inline'),
    );
    for (const tag of tags) {
      expect(looks(page, only(page, tag))).not.to.deep.equal(looks(free, only(free, tag)));
    }
    for (const each of [page, free]) {
      await putAside(each);
      await addScript(each, hydrate);
      for (const tag of tags) await settled(only(each, tag));
    }
    for (const tag of tags) {
      expect(looks(page, only(page, tag))).to.deep.equal(looks(free, only(free, tag)));
    }
    await comesToLife(page);
    expect(page.violations).to.have.length(tags.length);
    expect(complaints(page)).to.deep.equal([]);
  });

  it('that lists the hashes of our styles: no report, and styles from the first frame on', async () => {
    const [page, free] = await underPolicy(hashedPolicy, all);
    for (const tag of tags) {
      expect(looks(page, only(page, tag))).to.deep.equal(looks(free, only(free, tag)));
    }
    await comesToLife(page, hydrate);
    expect([...page.violations]).to.deep.equal([]);
    expect(complaints(page)).to.deep.equal([]);
    // no other style is allowed
    const style = page.document.createElement('style');
    style.textContent = 'body { color: red }';
    page.document.head.append(style);
    await eventually(() => page.violations.length > 0, 'the policy is in force');
  });
});

describe('A page that a server drew, with a bundle', () => {
  for (const script of [bundle, standalone]) {
    it(`${script} draws anew in the place of what is there`, async () => {
      const page = await openMade({ served: true, body: all });
      const before = tags.map((tag) => nodesOf(only(page, tag)));
      await comesToLife(page, script);
      tags.forEach((tag, i) => {
        const after = nodesOf(only(page, tag));
        expect(before[i].filter((node) => after.includes(node))).to.deep.equal([]);
      });
      expect(complaints(page)).to.deep.equal([]);
    });
  }

  it('the standalone script runs before the elements come', async () => {
    const page = await openMade({ served: true, scripts: [standalone], body: all });
    for (const tag of tags) await comesToWork(only(page, tag));
    expect(page.thrown).to.deep.equal([]);
  });

  for (const scripts of [
    [ownHydrate, bundle],
    [bundle, ownHydrate],
  ]) {
    it(`${scripts.join(', then ')}: what takes over the page’s own elements leaves ours alone`, async () => {
      const page = await openMade({ served: true, scripts, body: '<own-element></own-element>' });
      await page.customElements.whenDefined('own-element');
      // more of the page comes later
      const more = await (await fetch(addressOf({ served: true, body: all }))).text();
      const place = page.document.createElement('div');
      page.document.body.prepend(place);
      place.setHTMLUnsafe(more.slice(more.indexOf('<body>')));
      expect(only(page, tags[0]).shadowRoot).to.be.ok;
      await comesToLife(page);
      for (const tag of tags) {
        const { shadowRoot } = only(page, tag);
        expect(shadowRoot!.children, tag).to.have.length(1);
      }
      expect(complaints(page)).to.deep.equal([]);
    });
  }
});

/** The texts below a node that a reader is to see, and their boxes. */
function textsIn(page: Page, root: Node): { node: Text; parent: Element; box: DOMRect }[] {
  const found = [];
  const walker = page.document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    const parent = node.parentElement ?? (node.parentNode as ShadowRoot).host;
    // (a space without width keeps a line open)
    if (/^[\s\u200b]*$/.test(node.data) || parent.closest('style, option')) continue;
    // what is there to be copied only has no size
    if (!parent.checkVisibility() || page.getComputedStyle(parent).fontSize === '0px') continue;
    const range = page.document.createRange();
    range.selectNodeContents(node);
    found.push({ node, parent, box: range.getBoundingClientRect() });
  }
  return found;
}

/** Texts that a reader cannot see as they are meant: without a box, or cut off. */
function unseen(page: Page, root: Node): string[] {
  const { clientWidth } = page.document.documentElement;
  return textsIn(page, root).flatMap(({ node, parent, box }) => {
    const around: Element[] = [];
    for (let each: Element | null = parent; each; each = each.parentElement) around.push(each);
    // what is only for who listens is a pixel
    if (around.some((each) => each.clientWidth === 1 && each.clientHeight === 1)) return [];
    const name = `${parent.localName}.${parent.getAttribute('class') ?? ''} “${node.data.trim()}”`;
    const cut = around
      .filter((each) => ['hidden', 'clip'].includes(page.getComputedStyle(each).overflowX))
      .map((each) => each.getBoundingClientRect())
      .some(({ left, right }) => box.left < left - 1 || box.right > right + 1);
    return [
      box.width < 1 || box.height < 5 ? `${name} has no box` : [],
      box.left < 0 || box.right > clientWidth + 1 ? `${name} leaves the page` : [],
      cut ? `${name} is cut off` : [],
    ].flat();
  });
}

/** The highest empty stretch of an element, as far as text goes. */
function gap(page: Page, element: Every, root: Node): number {
  const { top, bottom } = element.getBoundingClientRect();
  let highest = 0;
  let end = top;
  const boxes = textsIn(page, root).map(({ box }) => box);
  for (const box of boxes.sort((a, b) => a.top - b.top)) {
    highest = Math.max(highest, box.top - end);
    end = Math.max(end, box.bottom);
  }
  return Math.max(highest, bottom - end);
}

describe('A page without JavaScript', () => {
  for (const tag of tags) {
    for (const [name, policy] of [
      ['', undefined],
      [', under a strict policy with our hashes', hashedPolicy],
    ] as const) {
      it(`${tag} that a server drew shows its first frame, whole${name}`, async () => {
        const page = await openWithout({ served: true, policy, body: withText(tag) });
        expect(page.customElements.get(tag)).to.equal(undefined);
        const element = only(page, tag);
        const [sight, words] = tagsThatRead.includes(tag)
          ? [element.shadowRoot!, text]
          : [element, wordsInside(tag)];
        expect(sight.textContent.replace(/\s+/g, ' ')).to.contain(words);
        expect(unseen(page, sight)).to.deep.equal([]);
        expect(gap(page, element, sight), 'room for what never comes').to.be.below(150);
        const idle = [...sight.querySelectorAll('button, input, textarea, summary')]
          .filter((each) => each.checkVisibility())
          // a word, its bar, and the cell that is drawn are something to read
          .filter((each) => !each.matches('[part~=word], [part~=bar], [aria-pressed=true]'));
        expect(idle.map((each) => each.outerHTML)).to.deep.equal([]);
      });
    }

    it(`${tag} that a server drew shows the text between its tags`, async () => {
      const page = await openWithout({ served: true, body: markup(tag) });
      const element = only(page, tag);
      expect(element.shadowRoot!.querySelector('slot')).to.be.ok;
      expect(seen(element)).to.equal(wordsInside(tag));
      expect(unseen(page, element)).to.deep.equal([]);
      expect(element.getBoundingClientRect().height).to.be.within(15, 200);
    });

    it(`${tag} as the author wrote it shows the text between its tags`, async () => {
      const page = await openWithout({ scripts: [bundle], body: markup(tag) });
      const element = only(page, tag);
      expect(element.shadowRoot).to.equal(null);
      expect(seen(element)).to.equal(wordsInside(tag));
      expect(unseen(page, element)).to.deep.equal([]);
    });
  }
});
