import type { Json } from '../domain/json.ts';
import { excerptOf, excerptOfText } from './excerpt.ts';
import type { Filter, FilterInput, Mismatch } from './language.ts';
import { maxSteps, OutOfSteps, Steps } from './steps.ts';

/** Why something did not match; what it tells of may be of any size. */
export interface Reason {
  readonly predicate: string;
  readonly path: string;
  readonly expected: string;
  readonly seen: Json | undefined;
}

/** What a language compiles a definition into. */
export interface Test {
  test(input: FilterInput, steps: Steps): boolean;
  /** Asked only of what `test` says no to. */
  why(input: FilterInput, steps: Steps): Reason;
}

/** Undefined where there are not enough of them. */
const withinSteps = <Answer>(evaluate: (steps: Steps) => Answer): Answer | undefined => {
  try {
    return evaluate(new Steps());
  } catch (error) {
    if (error instanceof OutOfSteps) return undefined;
    throw error;
  }
};

const outOfSteps = (predicate: string): Reason => ({
  predicate,
  path: '',
  expected: `an answer within ${maxSteps} steps`,
  seen: undefined,
});

/** `whole`: the definition as text, for what cannot be told of one predicate. */
export const boundedFilter = (language: string, whole: string, tested: Test): Filter => {
  const answer = (input: FilterInput): boolean | undefined =>
    withinSteps((steps) => tested.test(input, steps));
  return {
    matches: (input) => answer(input) ?? false,
    explain: (input): Mismatch | undefined => {
      const matches = answer(input);
      if (matches === true) return undefined;
      const found =
        matches === false ? withinSteps((steps) => tested.why(input, steps)) : undefined;
      const reason = found ?? outOfSteps(whole);
      const seen = excerptOf(reason.seen);
      return {
        language,
        predicate: excerptOfText(reason.predicate),
        path: excerptOfText(reason.path),
        expected: excerptOfText(reason.expected),
        ...(seen !== undefined && { seen }),
      };
    },
  };
};
