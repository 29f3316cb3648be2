// What the browser runs on a page that a server drew, as docs/frameworks.md has it; for server.test.ts.
import '@lit-labs/ssr-client/lit-element-hydrate-support.js';
import '/dist/define/all.js';
