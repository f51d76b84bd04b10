export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export const percentilesOf = (values: readonly number[]): Percentiles => {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
};

export const medianOf = (values: readonly number[]): number => percentilesOf(values).p50;
