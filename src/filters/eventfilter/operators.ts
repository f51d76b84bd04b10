import { z } from 'zod';
import type { Json } from '../../domain/json.ts';

/** One demand on one value. */
export interface Demand {
  readonly expected: string;
  test(seen: Json | undefined): boolean;
}

interface Operator {
  readonly name: string;
  /** What its argument must be. */
  readonly takes: string;
  /** Undefined where the argument is of another form. */
  demand(argument: Json | undefined): Demand | undefined;
}

interface Definition<Argument> {
  readonly argument: z.ZodType<Argument>;
  readonly takes: string;
  readonly expected: (argument: Argument) => string;
  readonly test: (argument: Argument) => (seen: Json | undefined) => boolean;
}

const text = z.string();
const number = z.number();
const flag = z.boolean();
const scalar = z.union([text, number, flag]);
const scalars = z.union([z.array(text), z.array(number), z.array(flag)]);
const shown = (value: unknown): string => JSON.stringify(value);

const define = <Argument>(name: string, definition: Definition<Argument>): Operator => ({
  name,
  takes: definition.takes,
  demand: (argument) => {
    const { success, data } = definition.argument.safeParse(argument);
    if (!success) return undefined;
    return { expected: definition.expected(data), test: definition.test(data) };
  },
});

const ofText = (
  name: string,
  says: string,
  test: (argument: string, seen: string) => boolean,
): Operator =>
  define(name, {
    argument: text,
    takes: 'a string',
    expected: (argument) => `a string that ${says} ${shown(argument)}`,
    test: (argument) => (seen) => typeof seen === 'string' && test(argument, seen),
  });

const ofNumber = (
  name: string,
  says: string,
  test: (argument: number, seen: number) => boolean,
): Operator =>
  define(name, {
    argument: number,
    takes: 'a number',
    expected: (argument) => `a number ${says} ${argument}`,
    test: (argument) => (seen) => typeof seen === 'number' && test(argument, seen),
  });

const ofScalar = (
  name: string,
  definition: Omit<Definition<string | number | boolean>, 'argument' | 'takes'>,
) => define(name, { argument: scalar, takes: 'a string, a number, true or false', ...definition });

const ofFlag = (name: string, says: string, test: (seen: Json | undefined) => boolean): Operator =>
  define(name, {
    argument: flag,
    takes: 'true or false',
    expected: (argument) => (argument ? says : `not ${says}`),
    test: (argument) => (seen) => test(seen) === argument,
  });

/** Letters alike but for case, whatever the machine's own language. */
const { compare } = new Intl.Collator('en', { sensitivity: 'accent' });

const isIn = (list: readonly Json[], value: Json | undefined): boolean =>
  value !== undefined && list.includes(value);

/** In the order in which one of them counts where an object has several. */
export const operators: readonly Operator[] = [
  ofText('$endsWith', 'ends with', (end, seen) => seen.endsWith(end)),
  ofText('$startsWith', 'starts with', (start, seen) => seen.startsWith(start)),
  define('$anythingBut', {
    argument: z.union([scalar, scalars]),
    takes: 'a string, a number, true or false, or a list of one of these',
    expected: (argument) => `anything but ${shown(argument)}`,
    test: (argument) => {
      const list: readonly Json[] = Array.isArray(argument) ? argument : [argument];
      return (seen) => !isIn(list, seen);
    },
  }),
  ofFlag('$exists', 'present', (seen) => seen !== undefined),
  ofNumber('$gt', 'above', (bound, seen) => seen > bound),
  ofNumber('$lt', 'below', (bound, seen) => seen < bound),
  ofNumber('$gte', 'of at least', (bound, seen) => seen >= bound),
  ofNumber('$lte', 'of at most', (bound, seen) => seen <= bound),
  define('$between', {
    argument: z.tuple([number, number]),
    takes: 'a list of two numbers',
    expected: ([low, high]) => `a number from ${low} to ${high}`,
    test:
      ([low, high]) =>
      (seen) =>
        typeof seen === 'number' && seen >= low && seen <= high,
  }),
  ofScalar('$includes', {
    expected: (argument) => `a list that includes ${shown(argument)}`,
    test: (argument) => (seen) => Array.isArray(seen) && isIn(seen, argument),
  }),
  ofText('$ignoreCaseEquals', 'is, but for case,', (other, seen) => compare(other, seen) === 0),
  ofFlag('$isNull', 'null', (seen) => seen === null),
  ofScalar('$not', {
    expected: (argument) =>
      `a string, number, true, false or list that neither is nor includes ${shown(argument)}`,
    test: (argument) => (seen) => {
      if (Array.isArray(seen)) return !isIn(seen, argument);
      return seen !== undefined && typeof seen !== 'object' && seen !== argument;
    },
  }),
];
