import type { Json, JsonObject } from '../../domain/json.ts';
import { below, invalidAt, isList, isObject } from '../definition.ts';
import { anythingBut } from './anything-but.ts';
import { cidr } from './cidr.ts';
import type { Demand, DemandReader } from './demand.ts';
import { numeric } from './numeric.ts';
import { equalsIgnoreCase, exactly, literal, prefix, suffix, wildcard } from './texts.ts';

/** What a pattern asks of one field. */
export interface Field {
  /** From the root. */
  readonly path: readonly string[];
  /** As it stands in the definition. */
  readonly text: string;
  /** Whether it holds where there is no value at all. */
  readonly mayBeAbsent: boolean;
  /** Any of them, of any value that the field has. */
  readonly demands: readonly Demand[];
}

const readers: ReadonlyMap<string, DemandReader> = new Map([
  ['prefix', prefix],
  ['suffix', suffix],
  ['anything-but', anythingBut],
  ['numeric', numeric],
  ['cidr', cidr],
  ['equals-ignore-case', equalsIgnoreCase],
  ['wildcard', wildcard],
  ['exactly', exactly],
]);

/** Names that mean something within a field, and so name no field within `$or`. */
export const operatorNames: ReadonlySet<string> = new Set([...readers.keys(), 'exists']);

const present: Demand = { expected: 'present', test: () => true };

/** 'absent' for the one demand that holds where there is nothing. */
const demandOf = (operator: JsonObject, pointer: string): Demand | 'absent' => {
  const [[name, argument] = ['', null], more] = Object.entries(operator);
  const at = below(pointer, name);
  if (more !== undefined) throw invalidAt(pointer, 'must have one operator');
  if (name === 'exists') {
    if (typeof argument !== 'boolean') throw invalidAt(at, 'must be true or false');
    return argument ? present : 'absent';
  }
  const reader = readers.get(name);
  if (reader === undefined)
    throw invalidAt(pointer, `must have one of ${[...operatorNames].join(', ')}`);
  return reader(argument, at);
};

const alternativeOf = (value: Json, pointer: string): Demand | 'absent' => {
  if (isObject(value)) return demandOf(value, pointer);
  if (isList(value)) throw invalidAt(pointer, 'must not be a list');
  return literal(value);
};

export const fieldOf = (
  path: readonly string[],
  alternatives: readonly Json[],
  pointer: string,
): Field => {
  if (alternatives.length === 0) throw invalidAt(pointer, 'must not be empty');
  const read = alternatives.map((value, i) => alternativeOf(value, below(pointer, i)));
  return {
    path,
    text: JSON.stringify(alternatives),
    mayBeAbsent: read.includes('absent'),
    demands: read.filter((demand) => demand !== 'absent'),
  };
};

export const expectedOf = ({ demands, mayBeAbsent }: Field): string =>
  [...demands.map(({ expected }) => expected), ...(mayBeAbsent ? ['absent'] : [])].join(' or ');
