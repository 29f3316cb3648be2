// The page, as a Lit template for the server.

import { html } from '@lit-labs/ssr';
import 'rnn-elements/define/gate-diagram';
import 'rnn-elements/define/rnn-visualizer';

const cells = { rnn: 'simple RNN', lstm: 'LSTM', gru: 'GRU' };

/** @param cell what the address asked for, if it is a cell. */
export const page = (cell) => {
  const chosen = cell in cells ? cell : 'gru';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>What does the network remember?</title>
        <link rel="stylesheet" href="/lesson.css" />
        <script type="module" src="/client.js"></script>
      </head>
      <body>
        <main>
          <h1>What does the network remember?</h1>
          <p>
            A recurrent network reads a sentence one word at a time and hands its state on to the
            next word. Step through the sentence and watch the bar of “red”: is the colour of the
            kite still there at the end?
          </p>
          <p class="choices">
            <label>
              Cell
              <select id="cell">
                ${Object.entries(cells).map(
                  ([name, label]) =>
                    html`<option value=${name} ?selected=${name === chosen}>${label}</option>`,
                )}
              </select>
            </label>
            <button type="button" id="again">Start again</button>
            <output id="progress">Nothing read yet.</output>
          </p>

          <rnn-visualizer
            id="reader"
            cell=${chosen}
            text="Anna has a red kite. The cat sat on the mat. The kite of Anna is"
            follow="3"
            controls="back next play scrubber details"
          ></rnn-visualizer>

          <p>The same step from inside: what the gates let through.</p>

          <gate-diagram for="reader"></gate-diagram>
        </main>
      </body>
    </html>`;
};
