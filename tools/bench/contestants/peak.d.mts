/** See peak.mjs. */
export const multiplyAdds: number;
