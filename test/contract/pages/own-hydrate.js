// A page's own Lit, prepared to take over what a server drew; for server.test.ts.
import '@lit-labs/ssr-client/lit-element-hydrate-support.js';
import './own-lit.js';
