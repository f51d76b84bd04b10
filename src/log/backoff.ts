const firstMs = 100;
const longestMs = 30_000;

/** Full jitter: anything from nothing to the bound, so that many who lost one store come back spread out. */
export const jitteredDelay = (failures: number, random: () => number): number =>
  random() * Math.min(longestMs, firstMs * 2 ** Math.min(failures, 16));
