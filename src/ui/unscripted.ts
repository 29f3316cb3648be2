// What a server's frame looks like to a reader without JavaScript: nothing that is on its way will ever come, no button
// does anything, and there is none to be told of. A word and its bar keep their places.

import { css, isServer, type CSSResultGroup } from 'lit';

/** Nothing in a browser: there, scripts run. */
export const unscripted: CSSResultGroup = isServer
  ? css`
      @media (scripting: none) {
        .room,
        .transport,
        .own-text,
        .examples,
        .gates-toggle,
        .narration,
        [part='model'],
        .next-waiting,
        .segments button[aria-pressed='false'],
        .unit,
        .acts,
        .disclosure {
          display: none;
        }
      }
    `
  : [];
