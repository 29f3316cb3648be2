// Finds browsers of three engines for tests and screenshots. Run it to see what is found.
// Chromium: Chrome, Chromium or Edge, or one from npm (Linux x64). CHROME_PATH names one; RNN_BROWSER=sparticuz skips
// the installed ones. Firefox: FIREFOX_PATH names one. WebKit: WebKitGTK with its driver, on Linux.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.mjs';

const PACKAGE = '@sparticuz/chromium@147.0.0'; // 149 and later want Node 22
const MULTIARCH = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch];
const cache = join(root, '.cache', 'browser');
const fonts = join(root, 'node_modules', '@expo-google-fonts');

/** Command-line switches every browser gets: no sandbox (containers, root), nothing over the network. */
const ARGS = [
  ...(process.platform === 'linux' ? ['--no-sandbox', '--disable-dev-shm-usage'] : []),
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--font-render-hinting=none',
];

/** What the browsers of an engine are called: on Windows, in a folder of applications of macOS, and elsewhere. */
const names = {
  chromium: {
    win32: [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ],
    darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Google Chrome Canary'].map(
      (app) => `${app}.app/Contents/MacOS/${app}`,
    ),
    linux: [
      'google-chrome-stable',
      'google-chrome',
      'chromium',
      'chromium-browser',
      'microsoft-edge-stable',
      'microsoft-edge',
      'msedge',
    ],
  },
  firefox: {
    win32: ['Mozilla Firefox\\firefox.exe'],
    darwin: ['Firefox.app/Contents/MacOS/firefox'],
    linux: ['firefox-esr', 'firefox'],
  },
};

const onPath = (name) =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin']
    .filter(Boolean)
    .map((folder) => join(folder, name));

/** Where a browser of an engine may be. */
function candidates(engine) {
  const { env, platform } = process;
  const { win32, darwin, linux } = names[engine];
  if (platform === 'win32') {
    const programs = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => env[name]);
    return win32.flatMap((path) => programs.filter(Boolean).map((folder) => join(folder, path)));
  }
  if (platform === 'darwin')
    return darwin.flatMap((path) =>
      ['/', homedir()].map((base) => join(base, 'Applications', path)),
    );
  return linux.flatMap(onPath);
}

/** Does it start? (Some systems ship a stub that only says how to install the browser.) */
function starts(path, env = {}) {
  if (process.platform !== 'linux') return true; // elsewhere --version would open a window
  const { status } = spawnSync(path, ['--version'], {
    env: { ...process.env, ...env },
    timeout: 30_000,
  });
  return status === 0;
}

/** Installs the browser package into .cache/, unpacks it there once, and returns how to start it. */
function fromNpm() {
  const home = join(cache, PACKAGE.replace(/\W+/g, '-').slice(1));
  const path = join(home, 'chromium');
  if (!existsSync(path)) {
    console.error(`No installed browser found: fetching ${PACKAGE} from npm, once (about 70 MB) …`);
    const work = join(cache, `unpack-${process.pid}`);
    const unpacked = join(work, 'unpacked');
    mkdirSync(unpacked, { recursive: true });
    writeFileSync(join(work, 'package.json'), '{ "private": true, "type": "module" }\n');
    writeFileSync(
      join(work, 'unpack.js'),
      `import chromium from '@sparticuz/chromium'; await chromium.executablePath();\n`,
    );
    const step = (command, args, env = {}) => {
      const { status, stdout, stderr, error } = spawnSync(command, args, {
        cwd: work,
        encoding: 'utf8',
        env: { ...process.env, ...env },
      });
      if (status !== 0) {
        rmSync(work, { recursive: true, force: true });
        throw new Error(
          `${PACKAGE} could not be fetched: ${error ?? stderr + stdout}\n${advice()}`,
        );
      }
    };
    const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
    step('npm', ['install', '--prefix', work, ...flags, PACKAGE]);
    // The package unpacks into TMPDIR, with the libraries a bare system lacks when told it is on Lambda.
    step(process.execPath, ['unpack.js'], {
      TMPDIR: unpacked,
      AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x',
    });
    rmSync(home, { recursive: true, force: true });
    renameSync(unpacked, home);
    rmSync(work, { recursive: true, force: true });
  }
  const env = sameFonts();
  if (!starts(path, env)) {
    const own = join(home, 'al2023', 'lib');
    env.LD_LIBRARY_PATH = [own, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
    if (!starts(path, env))
      throw new Error(`The browser from npm does not start here. ${advice()}`);
  }
  return { path, env, name: PACKAGE };
}

function advice() {
  const how =
    process.platform === 'linux'
      ? 'for example with "apt-get install chromium", "dnf install chromium" or "apk add chromium"'
      : 'from https://www.google.com/chrome/';
  return `Install Chrome, Chromium or Edge (${how}), or set CHROME_PATH to the program of one.`;
}

/** The browser that an environment variable names, or undefined. */
function named(variable) {
  const path = process.env[variable];
  if (path && !existsSync(path))
    throw new Error(`${variable} names ${path}, which does not exist.`);
  return path ? { path, args: [], name: variable } : undefined;
}

function installed(engine) {
  const path = candidates(engine).find((file) => existsSync(file) && starts(file));
  return path ? { path, args: [], name: path } : undefined;
}

/**
 * Settings that give every browser on Linux, where anything may be installed, the same fonts: as wide as the Times and
 * Arial that pages have elsewhere. A layout is the same in all of them and on all machines then.
 */
function sameFonts() {
  if (process.platform !== 'linux') return {};
  const folder = join(root, 'build', 'fonts');
  const file = join(folder, 'fonts.conf');
  const alias = (from, to) =>
    `<match><test name="family"><string>${from}</string></test>
<edit name="family" mode="assign" binding="strong"><string>${to}</string></edit></match>\n`;
  const faces = ['tinos', 'arimo'].flatMap((name) =>
    ['400Regular', '400Regular_Italic', '700Bold', '700Bold_Italic'].map(
      (face) => `<dir>${join(fonts, name, face)}</dir>\n`,
    ),
  );
  const aliases = [
    ...['serif', 'Times New Roman', 'Times'].map((name) => alias(name, 'Tinos')),
    ...['sans-serif', 'system-ui', 'Arial', 'Helvetica'].map((name) => alias(name, 'Arimo')),
  ];
  mkdirSync(folder, { recursive: true });
  // in one go: another process may be starting a browser with it
  const draft = `${file}.${process.pid}`;
  writeFileSync(
    draft,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
${faces.join('')}<cachedir>${folder}/cache</cachedir>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
${aliases.join('')}</fontconfig>\n`,
  );
  renameSync(draft, file);
  return { FONTCONFIG_FILE: file };
}

function findChromium() {
  const own = process.env.RNN_BROWSER === 'sparticuz';
  const found = own ? undefined : (named('CHROME_PATH') ?? installed('chromium'));
  if (found) return { ...found, args: ARGS, env: sameFonts() };
  const glibc = process.report.getReport().header.glibcVersionRuntime;
  if (process.platform === 'linux' && process.arch === 'x64' && glibc)
    return { ...fromNpm(), args: ARGS };
  throw new Error(`No browser found. ${advice()}`);
}

function findFirefox() {
  const found = named('FIREFOX_PATH') ?? installed('firefox');
  // (its sandbox keeps pages from files of other folders than the system's)
  const prefs = { 'security.sandbox.content.read_path_whitelist': join(fonts, sep) };
  if (found) return { ...found, env: sameFonts(), prefs };
  throw new Error(
    'Firefox is missing: "apt-get install firefox-esr", https://www.mozilla.org/firefox, or set FIREFOX_PATH.',
  );
}

/** WebKitGTK: {path of its small browser, driver, display (the program of a virtual one, if there is one)}. */
function findWebKit() {
  const path = ['/usr/lib', '/usr/libexec', `/usr/lib/${MULTIARCH}`, '/usr/lib64']
    .flatMap((folder) => ['webkit2gtk-4.1', 'webkitgtk-6.0'].map((name) => join(folder, name)))
    .map((folder) => join(folder, 'MiniBrowser'))
    .find(existsSync);
  const driver = onPath('WebKitWebDriver').find(existsSync);
  const display = onPath('Xvfb').find(existsSync);
  if (process.platform === 'linux' && path && driver && (display || process.env.DISPLAY))
    return { path, driver, display, args: [], env: sameFonts(), name: path };
  throw new Error(
    process.platform === 'linux'
      ? 'WebKit is missing: "apt-get install webkit2gtk-driver xvfb".'
      : 'WebKit is missing: it is tested with WebKitGTK, which runs on Linux.',
  );
}

const finders = { chromium: findChromium, firefox: findFirefox, webkit: findWebKit };
export const engines = Object.keys(finders);

const found = new Map();

/**
 * The browser to use: {path, args, env (to be set for its process), prefs (Firefox's settings), name}; it is looked for
 * once. Throws with advice when there is none.
 */
export function findBrowser(engine = 'chromium') {
  if (!found.has(engine)) found.set(engine, finders[engine]());
  return found.get(engine);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const engine of engines)
    try {
      console.log(engine, findBrowser(engine));
    } catch (error) {
      console.error(error.message);
      process.exitCode = 1;
    }
