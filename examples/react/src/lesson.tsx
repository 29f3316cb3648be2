// The lesson: React's state goes into the figures as attributes and properties, the reader's steps come back as events.

import { useRef, useState } from 'react';
import type { RnnVisualizer } from 'rnn-elements';
import 'rnn-elements/define/gate-diagram';
import 'rnn-elements/define/rnn-visualizer';
import type {} from 'rnn-elements/jsx';

const cells = { rnn: 'simple RNN', lstm: 'LSTM', gru: 'GRU' } as const;
type Cell = keyof typeof cells;

export function Lesson() {
  const reader = useRef<RnnVisualizer>(null);
  const [cell, setCell] = useState<Cell>('gru');
  const [followed, setFollowed] = useState(3);
  const [progress, setProgress] = useState('Nothing read yet.');
  const [inside, setInside] = useState(true);

  return (
    <>
      <h1>What does the network remember?</h1>
      <p>
        A recurrent network reads a sentence one word at a time and hands its state on to the next
        word. Step through the sentence and watch the bar of the word that you follow: is it still
        there at the end?
      </p>
      <p className="choices">
        <label>
          Cell{' '}
          <select value={cell} onChange={(event) => setCell(event.target.value as Cell)}>
            {Object.entries(cells).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label>
          Follow{' '}
          <select value={followed} onChange={(event) => setFollowed(Number(event.target.value))}>
            <option value={3}>red</option>
            <option value={7}>cat</option>
          </select>
        </label>
        <label>
          <input
            type="checkbox"
            checked={inside}
            onChange={(event) => setInside(event.target.checked)}
          />{' '}
          Look inside
        </label>
        <button
          type="button"
          onClick={() => {
            reader.current?.reset();
            setProgress('Nothing read yet.');
          }}
        >
          Start again
        </button>
        <output>{progress}</output>
      </p>

      <rnn-visualizer
        id="reader"
        ref={reader}
        cell={cell}
        follow={followed}
        controls="back next play scrubber details"
        onrnn-step={({ detail }) =>
          setProgress(
            `${detail.step} of ${detail.total} words read, the last one “${detail.word}”.`,
          )
        }
        onrnn-follow-change={({ detail }) => setFollowed(detail.index)}
      >
        Anna has a red kite. The cat sat on the mat. The kite of Anna is
      </rnn-visualizer>

      {inside && <gate-diagram for="reader" />}
    </>
  );
}
