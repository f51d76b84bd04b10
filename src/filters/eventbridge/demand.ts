import type { Json } from '../../domain/json.ts';
import { invalidAt } from '../definition.ts';
import type { Steps } from '../steps.ts';

export type Scalar = string | number | boolean | null;

/** One of the alternatives of a field, asked of one value that is neither an object nor a list. */
export interface Demand {
  readonly expected: string;
  test(seen: Scalar, steps: Steps): boolean;
}

/** Reads an operator's argument, or refuses it at its place in the definition. */
export type DemandReader = (argument: Json, pointer: string) => Demand;

export const ofText = (
  expected: string,
  test: (seen: string, steps: Steps) => boolean,
): Demand => ({
  expected,
  test: (seen, steps) => typeof seen === 'string' && test(seen, steps),
});

export const textAt = (argument: Json | undefined, pointer: string): string => {
  if (typeof argument === 'string') return argument;
  throw invalidAt(pointer, 'must be a string');
};

export const numberAt = (argument: Json | undefined, pointer: string): number => {
  if (typeof argument === 'number') return argument;
  throw invalidAt(pointer, 'must be a number');
};

export const shown = (value: Json): string => JSON.stringify(value);
