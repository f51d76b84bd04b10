import {
  anyOf,
  type CharacterSet,
  isCategory,
  not,
  ofCategory,
  range,
  single,
} from './character-sets.ts';
import { NoPattern, type PatternReader } from './pattern-reader.ts';

const escapes = new Map([...'()*+-.?[\\]^{|}'].map((each) => [each, each]));
for (const [name, character] of ['n\n', 'r\r', 't\t'].map(([a = '', b = '']) => [a, b] as const))
  escapes.set(name, character);

/** What never stands for itself within a class. */
const specialInClass = new Set('-[\\]');

export const pointOf = (character: string): number => character.codePointAt(0) ?? 0;

const category = (reader: PatternReader): CharacterSet => {
  reader.expect('{');
  let name = '';
  while (!reader.took('}')) name += reader.next();
  if (!isCategory(name)) throw new NoPattern();
  return ofCategory(name);
};

/** Behind a backslash: a set, or a character that stands for itself. */
export const escaped = (reader: PatternReader): CharacterSet | string => {
  const letter = reader.next();
  if (letter === 'p') return category(reader);
  if (letter === 'P') return not(category(reader));
  const character = escapes.get(letter);
  if (character === undefined) throw new NoPattern();
  return character;
};

const inClass = (reader: PatternReader): CharacterSet | string => {
  if (reader.took('\\')) return escaped(reader);
  const character = reader.next();
  if (specialInClass.has(character)) throw new NoPattern();
  return character;
};

const classMember = (reader: PatternReader): CharacterSet => {
  const first = inClass(reader);
  if (typeof first !== 'string') return first;
  if (!reader.took('-')) return single(pointOf(first));
  if (reader.peek() === ']') return anyOf([single(pointOf(first)), single(pointOf('-'))]);
  const last = inClass(reader);
  if (typeof last !== 'string' || pointOf(last) < pointOf(first)) throw new NoPattern();
  return range(pointOf(first), pointOf(last));
};

/** Behind its bracket. */
export const characterClass = (reader: PatternReader): CharacterSet => {
  const isNegated = reader.took('^');
  const sets = reader.took('-') ? [single(pointOf('-'))] : [classMember(reader)];
  while (!reader.took(']')) {
    if (reader.took('-')) {
      sets.push(single(pointOf('-')));
      reader.expect(']');
      break;
    }
    sets.push(classMember(reader));
  }
  return isNegated ? not(anyOf(sets)) : anyOf(sets);
};
