import type { Json } from '../../domain/json.ts';
import { below, invalidAt, isList, isObject } from '../definition.ts';
import { type Demand, type DemandReader, shown, textAt } from './demand.ts';
import { endsWith, sameButForCase, startsWith, type TextTest } from './texts.ts';
import { wildcardTest } from './wildcard.ts';

const notEmpty =
  (make: (text: string) => TextTest) =>
  (text: string, pointer: string): TextTest => {
    if (text === '') throw invalidAt(pointer, 'must not be empty');
    return make(text);
  };

const families: ReadonlyMap<string, (text: string, pointer: string) => TextTest> = new Map([
  ['prefix', notEmpty(startsWith)],
  ['suffix', notEmpty(endsWith)],
  ['equals-ignore-case', sameButForCase],
  ['wildcard', wildcardTest],
]);

/** A list or what stands alone, each with its place. */
const each = (argument: Json, pointer: string): readonly (readonly [Json, string])[] => {
  if (!isList(argument)) return [[argument, pointer]];
  if (argument.length === 0) throw invalidAt(pointer, 'must not be empty');
  return argument.map((value, i) => [value, below(pointer, i)] as const);
};

const butOfFamily = (argument: { readonly [name: string]: Json }, pointer: string): Demand => {
  const [[name, texts] = ['', null], more] = Object.entries(argument);
  const family = families.get(name);
  if (family === undefined || more !== undefined)
    throw invalidAt(pointer, `must have one of ${[...families.keys()].join(', ')}, and it alone`);
  const tests = each(texts, below(pointer, name)).map(([text, at]) => family(textAt(text, at), at));
  return {
    expected: `anything but ${shown(argument)}`,
    test: (seen, steps) => {
      steps.take(tests.length);
      return typeof seen !== 'string' || !tests.some((test) => test(seen, steps));
    },
  };
};

/** Any value that there is but these: strings, numbers, or strings of a family. */
export const anythingBut: DemandReader = (argument, pointer) => {
  if (isObject(argument)) return butOfFamily(argument, pointer);
  const values = each(argument, pointer);
  const first = typeof values[0]?.[0];
  for (const [value, at] of values) {
    if (typeof value !== 'string' && typeof value !== 'number')
      throw invalidAt(at, 'must be a string or a number');
    if (typeof value !== first)
      throw invalidAt(at, `must be a ${first}, as the others of its list are`);
  }
  const known = new Set(values.map(([value]) => value));
  return { expected: `anything but ${shown(argument)}`, test: (seen) => !known.has(seen) };
};
