/** See kernel.mjs. */
export const kernelFile: string;
export function kernelModule(): string;
