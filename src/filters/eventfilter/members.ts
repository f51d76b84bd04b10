import type { Json, JsonObject } from '../../domain/json.ts';
import { below, invalidAt, isList, isObject } from '../definition.ts';
import { ownMember } from '../member.ts';
import { type Condition, matcherOf } from './matcher.ts';

/** As in the original, lists and strings have members of their own: their places and their length. */
const memberOf = (value: Json, name: string): Json | undefined => {
  if (isObject(value)) return ownMember(value, name);
  return value !== null && Object.hasOwn(Object(value), name)
    ? Reflect.get(Object(value), name)
    : undefined;
};

const conditionOf = (value: Json, pointer: string): Condition => {
  if (isList(value)) return matcherOf(value, pointer);
  if (isObject(value)) return throughLists(value, membersOf(value, pointer));
  throw invalidAt(pointer, 'must be a list or an object');
};

/** A list satisfies what some element of it satisfies, and so an empty one nothing. */
const throughLists = (definition: JsonObject, members: Condition): Condition => ({
  test: (seen) => (isList(seen) ? seen.some(members.test) : members.test(seen)),
  why: (seen, path) => {
    if (!isList(seen)) return members.why(seen, path);
    if (seen.length === 1) return members.why(seen[0], below(path, 0));
    const expected = 'a list with an element that satisfies all of it';
    return { predicate: JSON.stringify(definition), path, expected, seen };
  },
});

/** An object: all of its members must hold. What is missing or null has none, and satisfies only an empty one. */
export const membersOf = (definition: JsonObject, pointer: string): Condition => {
  const members = Object.entries(definition).map(
    ([name, value]) => [name, conditionOf(value, below(pointer, name))] as const,
  );
  return {
    test: (seen) => {
      if (seen === undefined || seen === null) return members.length === 0;
      for (const [name, condition] of members)
        if (!condition.test(memberOf(seen, name))) return false;
      return true;
    },
    why: (seen, path) => {
      const isNothing = seen === undefined || seen === null;
      const failed = isNothing
        ? undefined
        : members.find(([name, condition]) => !condition.test(memberOf(seen, name)));
      if (isNothing || failed === undefined)
        return { predicate: JSON.stringify(definition), path, expected: 'an object', seen };
      const [name, condition] = failed;
      return condition.why(memberOf(seen, name), below(path, name));
    },
  };
};
