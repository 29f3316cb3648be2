// The same measurement in a headless browser: every contestant has a page of its own.

import { basename } from 'node:path';
import { launch, type Page } from 'puppeteer-core';
import type { Entry } from './contestants.js';
import type { RaceTime } from './contestants/race.js';
import { raceModule } from './race.js';
import type { Seat, WayReport } from './seat.js';
import { serve } from './server.js';

interface Found {
  readonly path: string;
  readonly args: string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What contestants/page.mjs leaves in a page. */
interface InPage {
  readonly about: string;
  prepare(file: string): Promise<{ none?: string; ways: WayReport[] }>;
  time(way: number, ms: number): Promise<{ runs: number; ms: number }>;
}
type Bench = typeof globalThis & { contestant: InPage };

export interface Pages {
  /** Name and version. */
  readonly browser: string;
  open(entry: Entry): Promise<Seat>;
  /** The whole training race, in a page of its own. */
  race(name: string): Promise<RaceTime>;
  close(): Promise<void>;
}

/** Pages in the background must not be slowed down, although only the one in front computes. */
const awake = [
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

async function openPage(page: Page, origin: string, { id, module }: Entry): Promise<Seat> {
  await page.goto(origin);
  const path = module.endsWith('.js') ? 'js/tools/bench/contestants' : 'contestants';
  const about = await page.evaluate(
    async (driver: string, file: string, name: string) => {
      const started = (await import(driver)) as {
        start(file: string, name: string): Promise<InPage>;
      };
      const contestant = await started.start(file, name);
      (globalThis as Bench).contestant = contestant;
      return contestant.about;
    },
    '/contestants/page.mjs',
    `/${path}/${module}`,
    id,
  );
  return {
    id,
    about,
    async prepare(file) {
      await page.bringToFront();
      const answer = await page.evaluate(
        (url: string) => (globalThis as Bench).contestant.prepare(url),
        `/material/${basename(file)}`,
      );
      return answer.none ?? answer.ways;
    },
    async time(way, ms) {
      await page.bringToFront();
      const answer = await page.evaluate(
        (which: number, howLong: number) => (globalThis as Bench).contestant.time(which, howLong),
        way,
        ms,
      );
      return answer.ms / answer.runs;
    },
    close: () => page.close(),
  };
}

async function racePage(page: Page, origin: string, id: string): Promise<RaceTime> {
  await page.goto(origin);
  const time = await page.evaluate(
    async (module: string, name: string) => {
      const race = (await import(module)) as { runRace(name: string): Promise<RaceTime> };
      return race.runRace(name);
    },
    `/js/${raceModule}`,
    id,
  );
  await page.close();
  return time;
}

export async function openPages(): Promise<Pages> {
  const finder = (await import(new URL('../browser.mjs', import.meta.url).href)) as {
    findBrowser(): Found;
  };
  const { path, args, env } = finder.findBrowser();
  const browser = await launch({
    executablePath: path,
    args: [...args, ...awake],
    // the race takes minutes without WebAssembly
    protocolTimeout: 1_200_000,
    env: { ...process.env, ...env },
  });
  const { origin, server } = await serve();
  const [name, version] = (await browser.version()).split('/');
  return {
    browser: `${name} ${version?.split('.')[0] ?? ''}, headless`,
    open: async (entry) => openPage(await browser.newPage(), origin, entry),
    race: async (id) => racePage(await browser.newPage(), origin, id),
    async close() {
      await browser.close();
      server.close();
    },
  };
}
