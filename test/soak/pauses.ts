/** How much longer each class is than the one before. */
const growth = 1.05;
const shortest = 0.01;

export interface Pauses {
  add(ms: number): void;
  /** At most five percent too long. */
  quantile(share: number): number;
  readonly longest: number;
}

/** Millions of times, counted by class: a list of them would outgrow what it measures. */
export const createPauses = (): Pauses => {
  const counts = new Float64Array(400);
  let all = 0;
  let longest = 0;
  return {
    add: (ms) => {
      const at = Math.ceil(Math.log(Math.max(ms, shortest) / shortest) / Math.log(growth));
      const last = Math.min(at, counts.length - 1);
      counts[last] = (counts[last] ?? 0) + 1;
      all += 1;
      longest = Math.max(longest, ms);
    },
    quantile: (share) => {
      let left = all * share;
      const at = counts.findIndex((count) => {
        left -= count;
        return left <= 0;
      });
      return Math.min(shortest * growth ** Math.max(at, 0), longest);
    },
    get longest() {
      return longest;
    },
  };
};
