import fc from 'fast-check';

export * from 'fast-check';

const { MUTANT_RUNS } = process.env;
/** What a law says again after so many runs, it says too seldom for a run of every mutant. */
const enough = Number(MUTANT_RUNS);

/**
 * Laws as a mutant meets them: a fixed seed, so that its fate is the same each time; the first
 * failure is enough, nobody reads it small.
 */
const assert = ((property, parameters = {}) =>
  fc.assert(property, {
    seed: 20_260_101,
    ...parameters,
    numRuns: Math.min(parameters.numRuns ?? enough, enough),
    endOnFailure: true,
  })) as typeof fc.assert;

// biome-ignore lint/style/noDefaultExport: it stands in for a package that has one
export default { ...fc, assert };
