import type { Json } from '../../domain/json.ts';
import { isList, isObject } from '../definition.ts';
import { ownMember } from '../member.ts';
import type { Steps } from '../steps.ts';
import type { Comparison } from './query.ts';

type Pair = readonly [Json | undefined, Json | undefined];

/** The pairs that have to be equal for these two to be; undefined where they are not anyway. */
const pairsWithin = (
  left: Json | undefined,
  right: Json | undefined,
): readonly Pair[] | undefined => {
  if (left === right) return [];
  if (isList(left) && isList(right)) {
    if (left.length !== right.length) return undefined;
    return left.map((element, i) => [element, right[i]] as const);
  }
  if (!isObject(left) || !isObject(right)) return undefined;
  const members = Object.entries(left);
  if (members.length !== Object.keys(right).length) return undefined;
  if (members.some(([name]) => !Object.hasOwn(right, name))) return undefined;
  return members.map(([name, value]) => [value, ownMember(right, name)] as const);
};

/** However deep: what is left to compare stands in a list of its own. Nothing equals nothing. */
const areEqual = (left: Json | undefined, right: Json | undefined, steps: Steps): boolean => {
  const open: Pair[] = [[left, right]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const within = pairsWithin(...pair);
    if (within === undefined) return false;
    steps.take(1 + within.length);
    for (const each of within) open.push(each);
  }
  return true;
};

const isHigh = (unit: number): boolean => unit >= 0xd800;

/** By code points, where the platform compares halves of them. */
const isTextBelow = (left: string, right: string): boolean => {
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at += 1) {
    const own = left.charCodeAt(at);
    const other = right.charCodeAt(at);
    if (own === other) continue;
    if (!isHigh(own) || !isHigh(other)) return own < other;
    // A surrogate stands for a character above every single unit.
    const isOwnPair = own < 0xe000;
    return isOwnPair === other < 0xe000 ? own < other : !isOwnPair;
  }
  return left.length < right.length;
};

const isBelow = (left: Json | undefined, right: Json | undefined, steps: Steps): boolean => {
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  if (typeof left !== 'string' || typeof right !== 'string') return false;
  steps.take(Math.ceil(Math.min(left.length, right.length) / 64));
  return isTextBelow(left, right);
};

export const compare = (
  comparison: Comparison,
  left: Json | undefined,
  right: Json | undefined,
  steps: Steps,
): boolean => {
  switch (comparison) {
    case '==':
      return areEqual(left, right, steps);
    case '!=':
      return !areEqual(left, right, steps);
    case '<':
      return isBelow(left, right, steps);
    case '>':
      return isBelow(right, left, steps);
    case '<=':
      return isBelow(left, right, steps) || areEqual(left, right, steps);
    default:
      return isBelow(right, left, steps) || areEqual(left, right, steps);
  }
};
