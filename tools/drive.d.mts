// One page of a browser, driven alike in three engines.

export type Engine = 'chromium' | 'firefox' | 'webkit';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A page; what it does resolves when it is done. */
export interface Page {
  /** Name and version of the browser, with a slash. */
  readonly version: string;

  goto(url: string): Promise<void>;

  /** Runs a function in the page (it sees nothing of the test but its arguments), waits, and resolves to its result: JSON. */
  evaluate<Args extends Json[], Result>(
    run: (...args: Args) => Result,
    ...args: Args
  ): Promise<Awaited<Result>>;

  /** Clicks, as a mouse does, the middle of the element that a function finds in the page. */
  click<Args extends Json[]>(
    find: (...args: Args) => Element | null | undefined,
    ...args: Args
  ): Promise<void>;

  /** Types a text, or presses, holds down or lets go one key: 'a', 'Enter', 'ArrowLeft', 'Space' … */
  keys(
    keys: { type: string } | { press: string } | { down: string } | { up: string },
  ): Promise<void>;

  /** Moves the mouse, and clicks there, or holds down or lets go a button. */
  mouse(mouse: {
    type: 'move' | 'click' | 'down' | 'up';
    position?: [number, number];
    button?: 'left' | 'middle' | 'right';
  }): Promise<void>;

  /** Lets go all buttons of the mouse. */
  release(): Promise<void>;

  resize(size: { width: number; height: number }): Promise<void>;

  /** What the reader's system asks for; what is not named is as the browser has it. WebKit knows no forced colours. */
  emulate(media: {
    colorScheme?: 'light' | 'dark';
    reducedMotion?: 'reduce' | 'no-preference';
    forcedColors?: 'active' | 'none';
    media?: 'print' | 'screen';
  }): Promise<void>;

  /** What is left when garbage is collected: nodes, listeners, and bytes of the heap. Only Chromium tells. */
  memory(): Promise<{ nodes: number; listeners: number; heap: number }>;

  /** Writes a picture (PNG) of the viewport. */
  screenshot(path: string): Promise<void>;

  /** Uncaught errors and errors in the console so far, in the browser's words; refusals by a policy are among them. */
  errors(): readonly string[];

  /** Ends the browser. */
  close(): Promise<void>;
}

/** Starts a browser with one page of 1280 × 800. Throws with advice where the browser is missing. */
export function launch(engine: Engine): Promise<Page>;
