import { isTriplineError } from '../../src/domain/errors.ts';

/** The places that a refusal names. */
export const refusalOf = (task: () => unknown): readonly string[] => {
  try {
    task();
    return [];
  } catch (error) {
    if (!isTriplineError(error, 'validation-failed')) throw error;
    return error.details.map(({ field }) => field);
  }
};
