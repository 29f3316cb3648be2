// Drives one page of a browser outside the test runner, alike in three engines: see drive.d.mts.
import { launch as start } from 'puppeteer-core';
import { PuppeteerPage, launchOptions } from './browsers/puppeteer.mjs';
import { startWebKit } from './browsers/webkit.mjs';

/** Starts a browser with one page of 1280 × 800. */
export async function launch(engine) {
  let page;
  if (engine === 'webkit') page = await startWebKit();
  else {
    const browser = await start(launchOptions(engine));
    page = new PuppeteerPage(await browser.newPage(), engine, await browser.version());
  }
  await page.resize({ width: 1280, height: 800 });
  return page;
}
