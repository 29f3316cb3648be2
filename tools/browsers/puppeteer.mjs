// Drives pages of Chromium and Firefox, by puppeteer.
import { findBrowser } from '../browser.mjs';
import { Page } from './page.mjs';

/** How puppeteer starts a browser of an engine. */
export function launchOptions(engine) {
  const { path, args, env, prefs } = findBrowser(engine);
  return {
    executablePath: path,
    env: { ...process.env, ...env },
    ...(engine === 'firefox'
      ? {
          browser: 'firefox',
          // a reader's settings (dark, less motion …) can be set from the browser's own window only
          args: [...args, '--remote-allow-system-access'],
          extraPrefsFirefox: { ...prefs, 'remote.events.async.enabled': false },
        }
      : { args }),
  };
}

export class PuppeteerPage extends Page {
  #page;
  #engine;
  #errors = [];
  #emulation;

  constructor(page, engine, version) {
    super();
    this.version = version;
    this.#engine = engine;
    this.#meet(page);
  }

  #meet(page) {
    this.#page = page;
    this.#emulation = undefined;
    page.on('pageerror', (error) => this.#errors.push(String(error?.message ?? error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#errors.push(message.text());
    });
  }

  /** Takes a new tab: focus and settings of the old one have no say in it. */
  async renew() {
    const old = this.#page;
    this.#meet(await old.browser().newPage());
    await old.close();
  }

  async goto(url) {
    await this.#page.goto(url);
  }

  run(source) {
    return this.#page.evaluate(source);
  }

  async keys({ press, type, down, up }) {
    const { keyboard } = this.#page;
    const key = (name) => (name === 'Space' ? ' ' : name); // which puppeteer does not know in Firefox
    if (press) await keyboard.press(key(press));
    if (type) await keyboard.type(type);
    if (down) await keyboard.down(key(down));
    if (up) await keyboard.up(key(up));
  }

  async mouse({ type, position, button = 'left' }) {
    const { mouse } = this.#page;
    if (position) await mouse.move(...position);
    if (type === 'down' || type === 'click') await mouse.down({ button });
    if (type === 'up' || type === 'click') await mouse.up({ button });
  }

  async release() {
    await this.#page.mouse.reset();
  }

  async resize(size) {
    await this.#page.setViewport(size);
  }

  async emulate({ colorScheme, reducedMotion, forcedColors, media = '' }) {
    if (this.#engine === 'firefox') {
      const { connection } = this.#page.browser();
      const all = { 'moz:scope': 'chrome' };
      const { result } = await connection.send('browsingContext.getTree', all);
      const overrides = {
        prefersColorSchemeOverride: colorScheme ?? 'none',
        prefersReducedMotionOverride: reducedMotion ?? 'none',
        forcedColorsOverride: forcedColors ?? 'none',
        mediumOverride: media,
      };
      const answer = await connection.send('script.evaluate', {
        expression: `for (const { linkedBrowser } of gBrowser.tabs)
          Object.assign(linkedBrowser.browsingContext, ${JSON.stringify(overrides)})`,
        target: { context: result.contexts[0].context },
        awaitPromise: false,
      });
      if (answer.result.type === 'exception') throw new Error(answer.result.exceptionDetails.text);
      return;
    }
    this.#emulation ??= await this.#page.createCDPSession(); // its end would end what it emulates
    await this.#emulation.send('Emulation.setEmulatedMedia', {
      media,
      features: [
        { name: 'prefers-color-scheme', value: colorScheme ?? '' },
        { name: 'prefers-reduced-motion', value: reducedMotion ?? '' },
        { name: 'forced-colors', value: forcedColors ?? '' },
      ],
    });
  }

  async memory() {
    const inspector = await this.#page.createCDPSession();
    // what the first sweep lets go of may hold on to more
    for (let i = 0; i < 3; i++) await inspector.send('HeapProfiler.collectGarbage');
    await inspector.detach();
    const { Nodes, JSEventListeners, JSHeapUsedSize } = await this.#page.metrics();
    return { nodes: Nodes, listeners: JSEventListeners, heap: JSHeapUsedSize };
  }

  capture() {
    return this.#page.screenshot();
  }

  errors() {
    return this.#errors;
  }

  async close() {
    await this.#page.browser().close();
  }
}
