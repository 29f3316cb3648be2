// Starts WebKitGTK and drives its page: by WebDriver, and by its inspector for what WebDriver does not know.
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findBrowser } from '../browser.mjs';
import { root } from '../run.mjs';
import { Page } from './page.mjs';

/** WebDriver's codes for keys by their names. */
const KEYS = {
  Space: ' ',
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Delete: '\uE017',
  Meta: '\uE03D',
};

/** A port that nothing uses. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Connects to a port of this machine as soon as somebody listens there. */
async function connected(port) {
  for (let tries = 0; ; tries++) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if (tries === 200) throw error;
      await pause(50);
    }
  }
}

/**
 * The inspector's protocol over the socket that WebKitGTK opens for its driver: a message is its length, a byte for the
 * byte order, a name, and numbers and text as GVariant lays them out.
 */
class Inspector {
  errors = [];
  #socket;
  #received = Buffer.alloc(0);
  #answers = new Map();
  #id = 0;
  #page; // the target; another process takes over when the page goes to another site
  #media = {};

  constructor(socket) {
    this.#socket = socket;
    socket.on('error', () => undefined); // the browser has ended
    socket.on('data', (data) => {
      this.#received = Buffer.concat([this.#received, data]);
      while (this.#received.length > 4) {
        const end = 5 + this.#received.readUInt32BE(0);
        if (this.#received.length < end) break;
        const body = this.#received.subarray(5, end);
        this.#received = this.#received.subarray(end);
        const name = body.toString('latin1', 0, body.indexOf(0));
        if (name === 'SendMessageToFrontend')
          this.#hear(JSON.parse(body.toString('utf8', name.length + 17, body.length - 1)));
      }
    });
    this.#write('SetupInspectorClient', Buffer.alloc(1));
    this.#write('Setup', this.#address());
  }

  /** Numbers of the connection and of the page in it: the first of each. */
  #address(text = '') {
    const numbers = Buffer.alloc(16);
    numbers[0] = numbers[8] = 1;
    return text ? Buffer.concat([numbers, Buffer.from(`${text}\0`)]) : numbers;
  }

  #write(name, parameters) {
    const head = Buffer.alloc(5);
    const body = Buffer.concat([Buffer.from(`${name}\0`), parameters]);
    head.writeUInt32BE(body.length);
    head[4] = 1; // little-endian
    this.#socket.write(Buffer.concat([head, body]));
  }

  #post(message) {
    this.#write('SendMessageToBackend', this.#address(JSON.stringify(message)));
  }

  #hear({ method, params }) {
    if (method === 'Target.targetCreated' && params.targetInfo.type === 'page')
      this.#meet(params.targetInfo.targetId);
    if (method === 'Target.didCommitProvisionalTarget') this.#page = params.newTargetId;
    if (method !== 'Target.dispatchMessageFromTarget') return;
    const message = JSON.parse(params.message);
    if (message.id) {
      const { resolve, reject } = this.#answers.get(message.id);
      this.#answers.delete(message.id);
      if (message.error) reject(new Error(message.error.message));
      else resolve(message.result);
    }
    const said = message.method === 'Console.messageAdded' ? message.params.message : undefined;
    // (no page has to have an icon)
    if (said?.level === 'error' && !said.url?.endsWith('/favicon.ico'))
      this.errors.push(
        said.parameters?.map(({ value, description }) => value ?? description).join(' ') ??
          said.text,
      );
  }

  /** A new page, or the old one in a new process: it has to be told everything again. */
  #meet(target) {
    this.#page ??= target;
    for (const command of [['Console.enable'], ['Page.enable'], ...this.#commands()])
      this.send(command[0], command[1], target).catch(() => undefined); // it may be gone again
  }

  /** Sends a command to the page and resolves to its result. */
  async send(method, params = {}, targetId = undefined) {
    while (!(targetId ?? this.#page)) await pause(5);
    const id = ++this.#id;
    const answer = new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
    const message = JSON.stringify({ id, method, params });
    this.#post({
      id,
      method: 'Target.sendMessageToTarget',
      params: { targetId: targetId ?? this.#page, message },
    });
    return answer;
  }

  #commands() {
    const { colorScheme, reducedMotion, media } = this.#media;
    const preference = (name, value) => [
      'Page.overrideUserPreference',
      value ? { name, value } : { name },
    ];
    return [
      preference('PrefersColorScheme', { light: 'Light', dark: 'Dark' }[colorScheme]),
      preference('PrefersReducedMotion', reducedMotion === 'reduce' ? 'Reduce' : undefined),
      ['Page.setEmulatedMedia', { media: media ?? '' }],
    ];
  }

  async emulate(media) {
    this.#media = media;
    for (const [method, params] of this.#commands()) await this.send(method, params);
  }
}

/** Settings for GTK that let the window be as narrow as a telephone: its toolbar would keep it at 447 pixels. */
function slimToolbar() {
  const home = join(root, 'build', 'webkit');
  for (const version of ['gtk-3.0', 'gtk-4.0']) {
    mkdirSync(join(home, version), { recursive: true });
    writeFileSync(
      join(home, version, 'gtk.css'),
      `* { min-width: 0; padding: 0; margin: 0; border-width: 0; font-size: 4px; }
image { opacity: 0; -gtk-icon-transform: scale(0); }\n`,
    );
  }
  return home;
}

/** Starts the browser and resolves to its page. */
export async function startWebKit() {
  const { path, driver, display, env: fonts } = findBrowser('webkit');
  const children = [];
  const close = () => children.forEach((child) => child.kill('SIGKILL'));
  process.once('exit', close);
  const start = (program, args, env, stdio = 'ignore') => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio });
    child.on('error', () => undefined); // what waits for it says so
    children.push(child);
    return child;
  };
  try {
    const env = { ...fonts, XDG_CONFIG_HOME: slimToolbar() };
    if (display) {
      // So low a screen has its middle, where the mouse is, in the toolbar: the window has the focus, and nothing in
      // the page is pointed at. Windows may be larger than it.
      const args = ['-displayfd', '3', '-screen', '0', '300x16x24', '-nolisten', 'tcp'];
      const stdio = ['ignore', 'ignore', 'ignore', 'pipe'];
      const [number] = await once(start(display, args, {}, stdio).stdio[3], 'data');
      Object.assign(env, { DISPLAY: `:${String(number).trim()}`, GDK_BACKEND: 'x11' });
    }
    const [own, drivers] = [await freePort(), await freePort()];
    start(path, ['--automation', '--default-font-family=serif'], {
      ...env,
      WEBKIT_DISABLE_COMPOSITING_MODE: '1', // its compositor over Mesa's software renderer has crashed now and then
      WEBKIT_INSPECTOR_SERVER: `127.0.0.1:${own}`,
    });
    start(driver, [`--port=${drivers}`, `--target=127.0.0.1:${own}`], env);
    for (const port of [own, drivers]) (await connected(port)).destroy();
    const server = `http://127.0.0.1:${drivers}/session`;
    const { sessionId, capabilities } = await send('POST', server, {
      capabilities: { alwaysMatch: { timeouts: { script: 600_000 } } },
    });
    const inspector = new Inspector(await connected(own));
    return new WebKitPage(
      `${server}/${sessionId}`,
      inspector,
      close,
      `WebKitGTK/${capabilities.browserVersion}`,
    );
  } catch (error) {
    close();
    throw error;
  }
}

/** A command of WebDriver. */
async function send(method, address, parameters) {
  const body = parameters && JSON.stringify(parameters);
  const response = await fetch(address, { method, body });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`WebKit: ${value.error}: ${value.message}`);
  return value;
}

class WebKitPage extends Page {
  #session;
  #inspector;
  #end;

  constructor(session, inspector, end, version) {
    super();
    this.version = version;
    this.#session = session;
    this.#inspector = inspector;
    this.#end = end;
  }

  #post(command, parameters = {}) {
    return send('POST', `${this.#session}/${command}`, parameters);
  }

  async goto(url) {
    await this.#post('url', { url });
    // it answers when the document was read; what its module scripts do with it may be to come
    await this.run(
      `document.readyState === 'complete' || new Promise((done) => addEventListener('load', () => done()))`,
    );
  }

  async run(source) {
    const script = `const done = arguments[0];
      Promise.resolve().then(() => ${source}).then(
        (value) => done({ value }),
        (error) => done({ thrown: String(error?.stack ? error + '\\n' + error.stack : error) }))`;
    const { value, thrown } = await this.#post('execute/async', { script, args: [] });
    if (thrown !== undefined) throw new Error(thrown);
    return value;
  }

  async keys({ press, type, down, up }) {
    const strokes = type === undefined ? [press ?? down ?? up] : [...type];
    const actions = strokes.flatMap((name) => {
      const value = KEYS[name] ?? name;
      const both = [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ];
      return down ? both.slice(0, 1) : up ? both.slice(1) : both;
    });
    await this.#post('actions', { actions: [{ type: 'key', id: 'keys', actions }] });
  }

  async mouse({ type, position, button = 'left' }) {
    const code = { button: ['left', 'middle', 'right'].indexOf(button) };
    const actions = [];
    if (position) {
      const [x, y] = position;
      actions.push({ type: 'pointerMove', duration: 0, x, y });
    }
    if (type === 'down' || type === 'click') actions.push({ type: 'pointerDown', ...code });
    if (type === 'up' || type === 'click') actions.push({ type: 'pointerUp', ...code });
    const parameters = { pointerType: 'mouse' };
    await this.#post('actions', {
      actions: [{ type: 'pointer', id: 'mouse', parameters, actions }],
    });
  }

  /** Lets go of all keys and buttons. */
  async release() {
    await send('DELETE', `${this.#session}/actions`);
  }

  async resize({ width, height }) {
    for (let tries = 0; tries < 20; tries++) {
      const [inner, outer] = await this.run(
        '[[innerWidth, innerHeight], [outerWidth, outerHeight]]',
      );
      if (inner[0] === width && inner[1] === height) return;
      await this.#post('window/rect', {
        width: outer[0] - inner[0] + width,
        height: outer[1] - inner[1] + height,
      });
      await pause(20);
    }
    throw new Error(`WebKit: the window does not take the size ${width} × ${height}`);
  }

  async emulate(media) {
    if (media.forcedColors === 'active') throw new Error('WebKit knows no forced colours');
    await this.#inspector.emulate(media);
  }

  async capture() {
    return Buffer.from(await send('GET', `${this.#session}/screenshot`), 'base64');
  }

  errors() {
    return this.#inspector.errors;
  }

  async close() {
    await send('DELETE', this.#session).catch(() => undefined);
    this.#end();
  }
}
