// `npm run short-span`: how far the simple RNN gets when it is trained on short spans alone (evidence for docs/recall.md).

import { loadKernel } from '../src/engine/index.js';
import { families } from '../src/model/story/language.js';
import { grid } from './story/grid.js';
import { recall } from './story/measure.js';
import { settings, trainNetwork, vocabulary } from './story/run.js';

const kernel = await loadKernel();
const indexOf = new Map(vocabulary.map((word, index) => [word, index]));
for (const point of grid.rnn) {
  const network = trainNetwork({
    cell: 'rnn',
    choice: point,
    kernel,
    steps: settings.steps,
    longestGap: 0,
    onStep(step, loss) {
      if (step % 1000 === 0) {
        console.error(`${point.label} ${step}/${settings.steps} loss ${loss.toFixed(3)}`);
      }
    },
  });
  const shares = families.map((family) => {
    const share = recall(network, indexOf, { family, gap: 0, kind: 'known', count: 200 });
    return `${family} ${Math.round(share * 100)}%`;
  });
  console.log(`trained at gap 0 only, ${point.label}: ${shares.join(', ')}`);
}
