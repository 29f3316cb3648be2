// Whether the reader wants things to move.

export const reducedMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
