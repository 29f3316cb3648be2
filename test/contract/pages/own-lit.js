// A page's own Lit and an element made with it, for trusted-types.test.ts.
import { html, LitElement } from '/node_modules/lit/index.js';

customElements.define(
  'own-element',
  class extends LitElement {
    render() {
      return html`<b>by the page’s own Lit</b>`;
    }
  },
);
