// What a server's frame looks like to a reader without JavaScript: nothing that is on its way will ever come.

import { css, isServer, type CSSResultGroup } from 'lit';

/** Nothing in a browser: there, scripts run. */
export const unscripted: CSSResultGroup = isServer
  ? css`
      @media (scripting: none) {
        .room {
          display: none;
        }
      }
    `
  : [];
