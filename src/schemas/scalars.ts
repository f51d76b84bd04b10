import type { Json } from '../domain/json.ts';
import { Steps } from '../filters/steps.ts';
import { canonical } from './canonical.ts';
import { countIn, isArray, isObject, type Keyword, noSchema, numberIn } from './keyword.ts';
import { isMultiple } from './multiple.ts';

const types: ReadonlyMap<string, (value: Json) => boolean> = new Map([
  ['null', (value: Json) => value === null],
  ['boolean', (value: Json) => typeof value === 'boolean'],
  ['string', (value: Json) => typeof value === 'string'],
  ['number', (value: Json) => typeof value === 'number'],
  ['integer', (value: Json) => Number.isInteger(value)],
  ['array', (value: Json) => isArray(value)],
  ['object', (value: Json) => isObject(value)],
]);

const type: Keyword = (wanted, { at }) => {
  const names: readonly Json[] = isArray(wanted) ? wanted : [wanted];
  if (names.length > types.size) throw noSchema(at, `must be at most ${types.size}`);
  const tests = names.map((name) => {
    const test = typeof name === 'string' ? types.get(name) : undefined;
    if (test) return test;
    throw noSchema(at, `must be one of ${[...types.keys()].join(', ')}, or an array of them`);
  });
  const expected = `must be of type ${names.join(' or ')}`;
  return (value, place, run) =>
    tests.some((test) => test(value)) || run.refuse(place, expected, value);
};

const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

const oneOfValues = (values: readonly Json[], expected: string): ReturnType<Keyword> => {
  const texts = new Set(values.map((each) => canonical(each, new Steps())));
  return (value, place, run) =>
    texts.has(canonical(value, run.steps)) || run.refuse(place, expected, value);
};

const constant: Keyword = (wanted) =>
  oneOfValues([wanted], `must be ${short(JSON.stringify(wanted))}`);

const enumeration: Keyword = (wanted, { at }) => {
  if (!isArray(wanted)) throw noSchema(at, 'must be an array');
  const listed = wanted.map((each) => JSON.stringify(each)).join(', ');
  return oneOfValues(wanted, `must be one of ${short(listed)}`);
};

const bound =
  (words: string, holds: (value: number, bound: number) => boolean): Keyword =>
  (wanted, place) => {
    const limit = numberIn(wanted, place);
    return (value, at, run) =>
      typeof value !== 'number' ||
      holds(value, limit) ||
      run.refuse(at, `must be ${words} ${limit}`, value);
  };

const multipleOf: Keyword = (wanted, place) => {
  if (numberIn(wanted, place) <= 0) throw noSchema(place.at, 'must be greater than 0');
  const divisor = numberIn(wanted, place);
  return (value, at, run) => {
    if (typeof value !== 'number') return true;
    run.steps.take(20);
    return isMultiple(value, divisor) || run.refuse(at, `must be a multiple of ${divisor}`, value);
  };
};

const length =
  (words: string, holds: (length: number, bound: number) => boolean): Keyword =>
  (wanted, place) => {
    const limit = countIn(wanted, place);
    return (value, at, run) => {
      if (typeof value !== 'string') return true;
      run.steps.take(1 + value.length / 16);
      let characters = 0;
      for (const _ of value) characters += 1;
      return (
        holds(characters, limit) || run.refuse(at, `must have ${words} ${limit} characters`, value)
      );
    };
  };

const pattern: Keyword = (wanted, { at, pattern: patternOf }) => {
  if (typeof wanted !== 'string') throw noSchema(at, 'must be a string');
  const test = patternOf(wanted, at);
  const expected = `must match ${short(wanted)}`;
  return (value, place, run) =>
    typeof value !== 'string' || test(value, run.steps) || run.refuse(place, expected, value);
};

/** Of texts, numbers and values as a whole. */
export const scalars: Readonly<Record<string, Keyword>> = {
  type,
  const: constant,
  enum: enumeration,
  multipleOf,
  minimum: bound('at least', (value, limit) => value >= limit),
  maximum: bound('at most', (value, limit) => value <= limit),
  exclusiveMinimum: bound('greater than', (value, limit) => value > limit),
  exclusiveMaximum: bound('less than', (value, limit) => value < limit),
  minLength: length('at least', (characters, limit) => characters >= limit),
  maxLength: length('at most', (characters, limit) => characters <= limit),
  pattern,
};
