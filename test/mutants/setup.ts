import { inject } from 'vitest';
import type {} from './kept-thread.ts';
import { runs } from './runs.ts';

runs.begun += 1;

/** The last run's mutant is not to act while this run's tests are gathered. */
const { __stryker__: instrumented } = globalThis as {
  __stryker__?: { activeMutant: string | undefined };
};
if (instrumented && inject('mutantActivation') !== 'static') instrumented.activeMutant = undefined;
