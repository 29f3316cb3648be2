// Keeps puppeteer, should it ever be installed, from downloading a browser (tools/browser.mjs finds one).
module.exports = { skipDownload: true };
