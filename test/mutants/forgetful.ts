import { createMemo as createLasting } from '../../src/domain/memo.ts';
import { runs } from './runs.ts';

/**
 * A memo as a mutant meets it: modules stay loaded from one mutant to the next, and what one of
 * them has had worked out must not be remembered for the next one.
 */
export const createMemo: typeof createLasting = (most, make) => {
  let [memo, of] = [createLasting(most, make), runs.begun];
  return (key) => {
    if (of !== runs.begun) [memo, of] = [createLasting(most, make), runs.begun];
    return memo(key);
  };
};
