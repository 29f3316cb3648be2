// What the pages of all browsers have in common: functions run in them, elements clicked in them.
import { writeFileSync } from 'node:fs';

/** A call of a function, as source text. (What compiles tests may put calls of `__name` into functions.) */
const call = (run, args) => `((__name) => (${run}))((named) => named)(...${JSON.stringify(args)})`;

/** Its subclasses bring `run(source)`, `capture()` and what is listed in ../drive.d.mts. */
export class Page {
  /** Runs a function in the page with arguments that are JSON, waits, and resolves to its result. */
  evaluate(run, ...args) {
    return this.run(call(run, args));
  }

  /** Clicks, as a mouse does, the middle of the element that a function finds in the page. */
  async click(find, ...args) {
    const position = await this.run(
      `Promise.resolve(${call(find, args)}).then(async (element) => {
        const { top } = element.getBoundingClientRect();
        element.scrollIntoView({ block: 'center', behavior: 'instant' });
        // where WebKit shows the page, and is pointed at, follows some frames later
        if (element.getBoundingClientRect().top !== top)
          await new Promise((resolve) => setTimeout(resolve, 50));
        const { x, y, width, height } = element.getBoundingClientRect();
        return [Math.round(x + width / 2), Math.round(y + height / 2)];
      })`,
    );
    await this.mouse({ type: 'click', position });
  }

  /** Forgets what was done with the page, as far as the browser can. */
  async renew() {
    await this.emulate({});
  }

  /** Writes a picture of the viewport. */
  async screenshot(path) {
    writeFileSync(path, await this.capture());
  }
}
