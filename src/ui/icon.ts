// Small pictures on buttons.

import { html, type TemplateResult } from 'lit';

const icons = {
  next: 'M4 2l6 5-6 5z',
  back: 'M10 2L4 7l6 5z',
  play: 'M4 2l7 5-7 5z',
  pause: 'M3 2h3v10H3zM8 2h3v10H8z',
} as const;

/** @param mirrored whether the text runs right to left, where forward is to the left. */
export function icon(name: keyof typeof icons, mirrored: boolean): TemplateResult {
  return html`<svg
    class=${mirrored && name !== 'pause' ? 'icon mirrored' : 'icon'}
    viewBox="0 0 14 14"
    width="14"
    height="14"
    aria-hidden="true"
  >
    <path d=${icons[name]}></path>
  </svg>`;
}
