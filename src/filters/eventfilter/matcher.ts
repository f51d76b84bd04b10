import type { Json, JsonObject } from '../../domain/json.ts';
import type { Reason } from '../bounded-filter.ts';
import { below, invalidAt, isObject } from '../definition.ts';
import { type Demand, operators } from './operators.ts';

/** What a filter asks of the value at one place. */
export interface Condition {
  test(seen: Json | undefined): boolean;
  /** Asked only of what `test` says no to. */
  why(seen: Json | undefined, path: string): Reason;
}

const names = operators.map(({ name }) => name).join(', ');
/** Of demands on one value, all of which are tried. */
const maxDemands = 32;

const anything: Condition = {
  test: () => true,
  why: () => {
    throw new TypeError('an empty list matches anything');
  },
};

const oneOf = (literals: readonly Json[]): Condition => {
  const known = new Set<Json | undefined>(literals);
  return {
    test: (seen) => known.has(seen),
    why: (seen, path) => ({
      predicate: JSON.stringify(literals),
      path,
      expected: literals.map((literal) => JSON.stringify(literal)).join(' or '),
      seen,
    }),
  };
};

const demandOf = (member: JsonObject, pointer: string): Demand => {
  const operator = operators.find(({ name }) => Object.hasOwn(member, name));
  if (operator === undefined) throw invalidAt(pointer, `must have one of ${names}`);
  const demand = operator.demand(member[operator.name]);
  if (demand !== undefined) return demand;
  throw invalidAt(below(pointer, operator.name), `must be ${operator.takes}`);
};

const allOf = (list: readonly Json[], pointer: string): Condition => {
  if (list.length > maxDemands)
    throw invalidAt(pointer, `must have at most ${maxDemands} operators`);
  const demands = list.map((member, i) => {
    if (isObject(member)) return demandOf(member, below(pointer, i));
    throw invalidAt(below(pointer, i), 'must be an operator, as the others of its list are');
  });
  return {
    test: (seen) => demands.every((demand) => demand.test(seen)),
    why: (seen, path) => {
      const at = demands.findIndex((demand) => !demand.test(seen));
      const expected = demands[at]?.expected ?? '';
      return { predicate: JSON.stringify(list[at]), path, expected, seen };
    },
  };
};

const literal = new Set(['string', 'number', 'boolean']);

/** A list: literals of one type, any of which may be there, or operators, all of which must hold. */
export const matcherOf = (list: readonly Json[], pointer: string): Condition => {
  const [first] = list;
  if (first === undefined) return anything;
  if (isObject(first)) return allOf(list, pointer);
  if (!literal.has(typeof first))
    throw invalidAt(below(pointer, 0), 'must be a string, a number, true, false or an operator');
  const odd = list.findIndex((member) => typeof member !== typeof first);
  if (odd < 0) return oneOf(list);
  throw invalidAt(below(pointer, odd), `must be a ${typeof first}, as the others of its list are`);
};
