// Registers <gradient-plot>, unless the page already has one.

import { GradientPlot } from '../elements/gradient-plot/gradient-plot.js';
import { define } from './define.js';

define('gradient-plot', GradientPlot);

/** Brings its types: `document.querySelector` then knows the tag. */
export type { GradientPlot };
