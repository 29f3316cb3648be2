// embed.html in frames, and the helper for the page around: what an address may set, heights, events, strangers.

import { expect, fixture, html } from '@open-wc/testing';
import '../../src/define/all.js'; // the frames bring their own
import type { connectFrame } from '../../src/embed/host.js';
import { eventually, Figure, frame, seen } from '../support/figure.js';
import { Frame, type Message } from '../support/frames.js';
import { open, type PageWindow } from '../support/pages.js';

const host = '/dist/embed-host.js';
let connect: typeof connectFrame;
before(async () => {
  ({ connectFrame: connect } = (await import(host)) as { connectFrame: typeof connectFrame });
});

const address = (query: Readonly<Record<string, string>> = {}, hash = ''): string =>
  `/dist/embed.html?${new URLSearchParams(query)}${hash}`;

/** A frame with embed.html whose figure is there. */
async function embed(
  query: Readonly<Record<string, string>> = {},
  { hash = '', ...attributes }: Readonly<Record<string, string>> = {},
): Promise<Frame> {
  const src = address(query, hash);
  const opened = await new Frame({ style: 'width: 700px', src, ...attributes }).open();
  await opened.until('type', 'rnn-elements:resize');
  return opened;
}

/** The figure of a page with embed.html. */
const elementOf = (page: Window): HTMLElement =>
  page.document.querySelector('main')!.firstElementChild as HTMLElement;

/** Its visualizer, to be used. */
const figureOf = (page: Window): Figure =>
  new Figure(page.document.querySelector('rnn-visualizer')!);

const attributesOf = (element: Element): Record<string, string> =>
  Object.fromEntries(
    [...element.attributes].map(({ name, value }) => [name, value] as const).sort(),
  );

describe('A frame with embed.html: what its address says', () => {
  it('is a visualizer unless it says otherwise, which reads to the end by clicks', async () => {
    const { window: page } = await embed();
    const element = elementOf(page);
    expect(element.localName).to.equal('rnn-visualizer');
    expect(attributesOf(element)).to.deep.equal({});
    const figure = figureOf(page);
    await eventually(() => figure.badge.startsWith('Trained'));
    await figure.toTheEnd();
    expect(figure.wordNow).to.equal('is');
    expect(figure.memory('rnn', 3)).to.match(/%$/);
    expect(page.document.title).to.equal('A recurrent network reads a sentence');
    expect(page.document.querySelector('main')!.ariaLabel).to.equal(page.document.title);
    expect(page.document.documentElement.lang).to.equal('en');
  });

  it('sets attributes of the element, and language, direction, colours and title of the page', async () => {
    const asked = { cell: 'lstm', text: 'Über “alles” & <b>nichts</b>', step: '2', unit: '3' };
    const { window: page } = await embed({
      element: 'gate-diagram',
      ...asked,
      theme: 'dark',
      lang: 'de-AT',
      dir: 'rtl',
      title: 'Die Tore <i>des</i> LSTM',
    });
    const element = elementOf(page);
    expect(element.localName).to.equal('gate-diagram');
    expect(attributesOf(element)).to.deep.equal({ ...asked, theme: 'dark' });
    const root = page.document.documentElement;
    expect([root.lang, root.dir]).to.deep.equal(['de-AT', 'rtl']);
    expect(page.getComputedStyle(root).colorScheme).to.equal('dark');
    expect(page.document.title).to.equal('Die Tore <i>des</i> LSTM');
    expect(page.document.querySelector('main')!.ariaLabel).to.equal(page.document.title);
    expect(page.document.querySelectorAll('main i, main b')).to.have.length(0);
  });

  for (const [element, title] of [
    ['gate-diagram', 'Inside one step of a recurrent network'],
    ['gradient-plot', 'How far gradients reach back in time'],
    ['rnn-trainer', 'Recurrent networks learn a recall task'],
  ]) {
    it(`may name <${element}>, which works, under a title of its own`, async () => {
      const { window: page } = await embed({ element });
      const { shadowRoot } = elementOf(page);
      await eventually(() => shadowRoot!.querySelector('[part~=base] button'), 'the figure');
      expect(shadowRoot!.querySelector('[part=problem]')).to.equal(null);
      expect(page.document.title).to.equal(title);
    });
  }

  it('takes weights that come with the library or lie beside the page, from nowhere else', async () => {
    const refused = [
      'https://example.org/net.safetensors',
      '//example.org/net.safetensors',
      '/\\example.org/net.safetensors',
      '/\t/example.org/net.safetensors',
      ' https://example.org/net.safetensors',
      'data:,net.safetensors',
      'blob:net.safetensors',
      '/api/delete?file=net.safetensors',
      '/private#net.safetensors',
      'net.json',
    ];
    const taken = ['auto', 'story', 'random', 'nets/mine.safetensors', '/nets/mine.safetensors'];
    for (const model of [...refused, ...taken]) {
      const { window: page } = await embed({ element: 'rnn-visualizer', model, text: 'One two' });
      const expected = taken.includes(model) ? model : null;
      expect(elementOf(page).getAttribute('model'), model).to.equal(expected);
    }
  });

  it('is told in the console what it asked for and did not get, and nothing else comes of that', async () => {
    const refused = {
      element: 'script',
      id: 'mine',
      class: 'mine',
      style: 'color: red',
      onclick: 'alert(1)',
      for: 'other',
      slot: 'mine',
      nonsense: '1',
      __proto__x: '1',
      constructor: '1',
      lang: 'not a language',
      dir: 'up',
      model: 'https://example.org/net.safetensors',
    };
    const query = new URLSearchParams({ ...refused, cell: 'gru' });
    const page = await open(`/test/contract/pages/strict-embed.html?${query}`);
    await eventually(() => page.document.querySelector('main'));
    const { said, violations, thrown } = page as unknown as PageWindow & { said: string[] };
    expect(attributesOf(elementOf(page))).to.deep.equal({ cell: 'gru' });
    expect(said).to.deep.equal(
      Object.entries(refused).map(
        ([name, value]) =>
          `info: rnn-elements: embed.html does not take ${name}=${JSON.stringify(value)}`,
      ),
    );
    expect(attributesOf(page.document.documentElement)).to.deep.equal({
      lang: 'en',
      'data-theme': 'auto',
    });
    expect([...violations, ...thrown]).to.deep.equal([]);
  });

  it('works under a strict policy: nothing is refused in a whole reading', async () => {
    const page = await open(
      '/test/contract/pages/strict-embed.html?compare=rnn+lstm+gru&theme=dark',
    );
    await eventually(() => page.document.querySelector('main'));
    const figure = figureOf(page);
    await eventually(() => figure.has('badge') && figure.badge.startsWith('Trained'));
    await figure.toTheEnd();
    await figure.disclose('table');
    const { violations, thrown } = page as unknown as PageWindow;
    expect([...violations, ...thrown]).to.deep.equal([]);
    expect(page.getComputedStyle(page.document.documentElement).colorScheme).to.equal('dark');

    // and that page is embed.html but for the policy
    const [strict, plain] = await Promise.all(
      ['/test/contract/pages/strict-embed.html', '/dist/embed.html'].map(async (file) => {
        const text = await (await fetch(file)).text();
        const { head, body } = new DOMParser().parseFromString(text, 'text/html');
        const scripts = [...head.querySelectorAll('script[defer], link')].map((each) =>
          each.outerHTML.replace('../../../dist/', ''),
        );
        return [...scripts, body.innerHTML.trim()];
      }),
    );
    expect(strict).to.deep.equal(plain);
  });
});

/** Heights of the messages of a kind, in order. */
const heights = (messages: readonly Message[], of: (message: Message) => unknown): number[] =>
  messages.map((message) => of(message) as number);

describe('A frame with embed.html: its height', () => {
  it('is told to every kind of host, and told again when a disclosure opens', async () => {
    const opened = await embed({ cell: 'lstm' }, { hash: '#?secret=a1B2c3D4e5' });
    const page = opened.window;
    const figure = figureOf(page);
    await eventually(() => figure.badge.startsWith('Trained'));
    const now = (): number =>
      Math.ceil(page.document.documentElement.getBoundingClientRect().height);
    const kinds = {
      ours: (): number[] =>
        heights(opened.with('type', 'rnn-elements:resize'), ({ height }) => height),
      canvas: (): number[] =>
        heights(opened.with('subject', 'lti.frameResize'), ({ height }) => height),
      edx: (): number[] =>
        heights(
          opened.with('type', 'plugin.resize'),
          ({ payload }) => (payload as Message)['height'],
        ),
      wordpress: (): number[] => heights(opened.with('message', 'height'), ({ value }) => value),
    };
    const last = (): (number | undefined)[] => Object.values(kinds).map((of) => of().at(-1));
    const allAre = (height: number): boolean => last().every((each) => each === height);
    await eventually(() => allAre(now()), 'the first heights');
    const closed = now();
    expect(closed).to.be.within(200, 3000);
    await figure.disclose('details');
    await eventually(() => now() > closed + 100 && allAre(now()), 'heights with the details');
    await figure.disclose('details', false);
    await eventually(() => now() === closed && allAre(closed), 'heights without it');

    const told = kinds.ours();
    for (const of of Object.values(kinds)) expect(of()).to.deep.equal(told);
    for (const [i, height] of told.entries()) {
      expect(height, 'never null, never a fraction').to.satisfy(Number.isInteger);
      expect(height).to.be.above(0);
      expect(height, 'only when it changed').not.to.equal(told[i - 1]);
    }
    for (const { secret } of opened.with('message', 'height')) expect(secret).equal('a1B2c3D4e5');
  });

  it('is told to WordPress only with its secret, whenever that comes, and again when it says “ready”', async () => {
    const opened = await embed({ text: 'One two' });
    const { window: page } = opened;
    await figureOf(page).settled();
    expect(opened.with('message', 'height')).to.have.length(0);
    page.location.hash = '#?secret=0123456789';
    const { value, secret } = await opened.until('message', 'height');
    expect(secret).to.equal('0123456789');
    expect(value).to.be.above(100);
    const before = opened.with('message', 'height').length;
    page.postMessage({ message: 'ready', secret }, '*');
    await opened.until('message', 'height', before + 1);
    // what somebody else says, it does not answer
    const count = opened.messages.length;
    const script = page.document.createElement('script');
    script.textContent = `postMessage({ message: 'ready' }, '*')`;
    page.document.head.append(script);
    for (let i = 0; i < 5; i++) await frame();
    expect(opened.messages).to.have.length(count);
  });
});

describe('A frame with embed.html, sandboxed', () => {
  it('reads with trained weights, tells heights and events, and its origin is none', async () => {
    const origins = new Set<string>();
    const opened = new Frame({
      sandbox: 'allow-scripts',
      style: 'width: 700px; height: 500px',
      src: address({ cell: 'gru', autoplay: '', interval: '100', text: 'The cat sat on the' }),
    });
    const listen = ({ source, origin }: MessageEvent): void => {
      if (source === opened.element.contentWindow) origins.add(origin);
    };
    window.addEventListener('message', listen);
    await opened.open();
    const ready = await opened.until('event', 'rnn-ready');
    expect(ready).to.deep.equal({
      type: 'rnn-elements:event',
      event: 'rnn-ready',
      detail: { cells: ['gru'], kind: 'story' },
    });
    const complete = await opened.until('event', 'rnn-complete');
    window.removeEventListener('message', listen);
    expect(complete['detail']).to.deep.equal({ total: 5, cells: ['gru'] });
    const words = opened
      .with('event', 'rnn-step')
      .map(({ detail }) => (detail as { word: string }).word);
    expect(words).to.deep.equal(['The', 'cat', 'sat', 'on', 'the']);
    expect([...origins]).to.deep.equal(['null']);
    expect(opened.with('subject', 'lti.frameResize').length).to.be.above(0);
    expect(opened.with('event', 'rnn-error')).to.have.length(0);
  });
});

describe('A page around such a frame, with embed-host.js', () => {
  /** A frame that the helper looks after, with the events that reach the document from it. */
  async function connected(
    query: Readonly<Record<string, string>> = {},
    attributes: Readonly<Record<string, string>> = {},
  ): Promise<Frame> {
    return embed(query, { 'data-rnn-elements': '', ...attributes });
  }

  /** How high the frame's page is, without border and padding of the frame. */
  const heightOf = ({ element }: Frame): number => {
    const { paddingTop, paddingBottom } = getComputedStyle(element);
    return element.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
  };
  const contentOf = ({ window: page }: Frame): number =>
    Math.ceil(page.document.documentElement.getBoundingClientRect().height);

  it('gives a frame its height, as it changes, with whatever border and padding', async () => {
    for (const style of [
      'width: 700px; border: 0',
      'width: 700px; border: 7px solid',
      'width: 700px; border: 7px solid; box-sizing: border-box',
      'width: 700px; border: 7px solid; padding: 5px 0 8px',
      'width: 700px; border: 7px solid; padding: 5px 0 8px; box-sizing: border-box',
    ]) {
      const opened = await connected({ cell: 'lstm' }, { style });
      const figure = figureOf(opened.window);
      await eventually(() => figure.badge.startsWith('Trained'));
      const fits = (): boolean => heightOf(opened) === contentOf(opened);
      await eventually(fits, `closed, ${style}`);
      const closed = heightOf(opened);
      await figure.disclose('details');
      await eventually(() => fits() && heightOf(opened) > closed + 100, `open, ${style}`);
      const { scrollHeight, clientHeight } = opened.window.document.scrollingElement!;
      expect(scrollHeight, 'nothing to scroll').to.equal(clientHeight);
    }
  });

  it('repeats the events of the figure on its frame, where they bubble', async () => {
    const opened = await connected({ text: 'One two', cell: 'lstm' });
    const heard: CustomEvent[] = [];
    const listen = (event: Event): unknown => heard.push(event as CustomEvent);
    for (const name of ['rnn-step', 'rnn-gate-hold']) document.addEventListener(name, listen);
    const figure = figureOf(opened.window);
    await figure.next();
    await eventually(() => heard.length === 1);
    expect(heard[0].target).to.equal(opened.element);
    expect(heard[0].detail).to.deep.include({ index: 0, total: 2, word: 'One', trigger: 'user' });
    // a hold without an end: JSON has no infinity
    figure.element.dispatchEvent(
      new opened.window.CustomEvent('rnn-gate-hold', {
        detail: { intervention: { from: 1, to: Infinity } },
        bubbles: true,
      }),
    );
    await eventually(() => heard.length === 2);
    expect(heard[1].detail).to.deep.equal({ intervention: { from: 1, to: null } });
    for (const name of ['rnn-step', 'rnn-gate-hold']) document.removeEventListener(name, listen);
  });

  it('looks after a frame in a shadow root, even one that was there before, until that ends', async () => {
    const place = await fixture<HTMLElement>(html`<div></div>`);
    const opened = new Frame({ src: address({ text: 'One two' }), style: 'width: 700px' });
    place.attachShadow({ mode: 'open' }).append(opened.element);
    await opened.until('event', 'rnn-ready');
    const before = heightOf(opened);
    const end = connect(opened.element);
    await eventually(() => heightOf(opened) === contentOf(opened), 'asked for its height');
    expect(heightOf(opened)).not.to.equal(before);
    end();
    opened.element.style.height = '123px';
    const told = opened.with('type', 'rnn-elements:resize').length;
    opened.element.style.width = '320px';
    await opened.until('type', 'rnn-elements:resize', told + 1);
    expect(heightOf(opened)).to.equal(123);
  });

  it('looks after sandboxed frames', async () => {
    const opened = await connected({ text: 'One two' }, { sandbox: 'allow-scripts' });
    const { height } = await opened.until('type', 'rnn-elements:resize');
    await eventually(() => heightOf(opened) >= 200, String(height));
  });

  it('keeps heights within reason, and ignores what is none, what is no message, and strangers', async () => {
    const place = await fixture<HTMLElement>(html`
      <div>
        <iframe data-rnn-elements style="block-size: 321px"></iframe>
        <iframe style="block-size: 321px"></iframe>
      </div>
    `);
    const [ours, other] = place.querySelectorAll('iframe');
    const events: Event[] = [];
    for (const name of ['rnn-step', 'click', 'rnn-Step']) {
      place.addEventListener(name, (event) => events.push(event));
    }
    const say = (data: unknown, source: Window | null = ours.contentWindow): void => {
      window.dispatchEvent(new MessageEvent('message', { data, source, origin: 'null' }));
    };
    const resize = (height: unknown): number => {
      ours.style.height = '321px';
      say({ type: 'rnn-elements:resize', height });
      return ours.clientHeight;
    };
    expect([500, 500.2, 3, 0, -7, 1e9].map(resize)).to.deep.equal([500, 501, 100, 100, 100, 10000]);
    for (const none of [null, undefined, NaN, Infinity, '500', '500px', {}, [500], true]) {
      expect(resize(none), JSON.stringify(none)).to.equal(321);
    }
    for (const data of [null, undefined, 7, 'rnn-elements:resize', [], { type: 'resize' }, {}]) {
      say(data);
    }
    for (const event of ['click', 'rnn-', 'RNN-step', 'rnn-step ', 'rnn-Step', 7, null]) {
      say({ type: 'rnn-elements:event', event, detail: 1 });
    }
    say({ type: 'rnn-elements:event', event: 'rnn-step', detail: 1 }, window);
    say({ type: 'rnn-elements:event', event: 'rnn-step', detail: 1 }, null);
    say({ type: 'rnn-elements:event', event: 'rnn-step', detail: 1 }, other.contentWindow);
    say({ type: 'rnn-elements:resize', height: 500 }, other.contentWindow);
    expect([ours.clientHeight, other.clientHeight]).to.deep.equal([321, 321]);
    expect(events).to.deep.equal([]);
    say({ type: 'rnn-elements:event', event: 'rnn-step', detail: 1 });
    expect(events).to.have.length(1);
    expect(seen(ours)).to.equal('');
  });

  it('may be there twice: every event is repeated once', async () => {
    const second = `${host}?second`;
    await import(second);
    const opened = await connected({ text: 'One two' });
    let steps = 0;
    opened.element.addEventListener('rnn-step', () => steps++);
    const figure = figureOf(opened.window);
    await figure.next();
    await opened.until('event', 'rnn-step');
    await frame();
    expect(steps).to.equal(1);
  });
});
