import type { Json, JsonObject } from '../../domain/json.ts';
import { below, invalidAt, isList, isObject } from '../definition.ts';
import { type Field, fieldOf, operatorNames } from './field.ts';

/** Of combinations that the `$or`s of a pattern multiply to. */
export const maxCombinations = 1_000;

/** Fields all of which must hold, by their paths written with dots. */
export type Combination = ReadonlyMap<string, Field>;

const withField = (rules: readonly Combination[], field: Field, pointer: string): Combination[] => {
  const name = field.path.join('.');
  return rules.map((rule) => {
    if (rule.has(name)) throw invalidAt(pointer, 'must be the only one about its field');
    return new Map(rule).set(name, field);
  });
};

const either = (
  rules: readonly Combination[],
  branches: Json,
  path: readonly string[],
  pointer: string,
): Combination[] => {
  if (!isList(branches) || branches.length < 2)
    throw invalidAt(pointer, 'must be a list of at least two objects');
  const combinations: Combination[] = [];
  for (const [i, branch] of branches.entries()) {
    const at = below(pointer, i);
    if (!isObject(branch)) throw invalidAt(at, 'must be an object');
    combinations.push(...withMembers(rules, branch, { path, pointer: at, isWithinOr: true }));
    if (combinations.length > maxCombinations)
      throw invalidAt(at, `must not make more than ${maxCombinations} combinations`);
  }
  return combinations;
};

/** What an event of EventBridge calls its members, beside what filters call them. */
const otherNames: ReadonlyMap<string | undefined, string> = new Map([
  ['detail', 'payload'],
  ['detail-type', 'type'],
]);

const named = ([first = '', ...others]: readonly string[]): readonly string[] => [
  otherNames.get(first) ?? first,
  ...others,
];

interface Place {
  readonly path: readonly string[];
  readonly pointer: string;
  readonly isWithinOr: boolean;
}

const withMember = (
  rules: readonly Combination[],
  [name, value]: readonly [string, Json],
  { path, pointer, isWithinOr }: Place,
): readonly Combination[] => {
  const at = below(pointer, name);
  if (name === '$or') return either(rules, value, path, at);
  if (isWithinOr && operatorNames.has(name))
    throw invalidAt(at, 'is an operator, and must not name a field within $or');
  const extended = named([...path, ...name.split('.')]);
  if (isObject(value))
    return withMembers(rules, value, { path: extended, pointer: at, isWithinOr });
  if (!isList(value)) throw invalidAt(at, 'must be an object or a list');
  return withField(rules, fieldOf(extended, value, at), at);
};

const withMembers = (
  rules: readonly Combination[],
  definition: JsonObject,
  place: Place,
): readonly Combination[] => {
  const members = Object.entries(definition);
  if (members.length === 0) throw invalidAt(place.pointer, 'must not be empty');
  return members.reduce((grown, member) => withMember(grown, member, place), rules);
};

/** What a pattern asks for, its `$or`s multiplied out: any of the combinations must hold. */
export const combinationsOf = (definition: JsonObject): readonly Combination[] =>
  withMembers([new Map()], definition, { path: [], pointer: '', isWithinOr: false });
