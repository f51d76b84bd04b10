import type { Json } from '../../domain/json.ts';
import { below, invalidAt, isList } from '../definition.ts';
import { type Demand, type DemandReader, numberAt, shown } from './demand.ts';

type Comparison = (seen: number, bound: number) => boolean;

const lower: ReadonlyMap<Json | undefined, Comparison> = new Map([
  ['>', (seen, bound) => seen > bound],
  ['>=', (seen, bound) => seen >= bound],
]);
const upper: ReadonlyMap<Json | undefined, Comparison> = new Map([
  ['<', (seen, bound) => seen < bound],
  ['<=', (seen, bound) => seen <= bound],
]);
const single: ReadonlyMap<Json | undefined, Comparison> = new Map<Json | undefined, Comparison>([
  ['=', (seen, bound) => seen === bound],
  ...lower,
  ...upper,
]);

const ofNumber = (range: readonly Json[], test: (seen: number) => boolean): Demand => ({
  expected: `a number ${range.join(' ')}`,
  test: (seen) => typeof seen === 'number' && test(seen),
});

/** A comparison and its number, or a lower and an upper bound. */
export const numeric: DemandReader = (range, pointer) => {
  if (!isList(range) || (range.length !== 2 && range.length !== 4))
    throw invalidAt(pointer, 'must be a list of a comparison and its number, or of two of each');
  const [first, low, second, high] = range;
  const isAbove = (range.length === 2 ? single : lower).get(first);
  if (isAbove === undefined)
    throw invalidAt(
      below(pointer, 0),
      range.length === 2 ? 'must be one of =, >, >=, < and <=' : 'must be > or >=',
    );
  const bottom = numberAt(low, below(pointer, 1));
  if (range.length === 2) return ofNumber(range, (seen) => isAbove(seen, bottom));
  const isBelow = upper.get(second);
  if (isBelow === undefined) throw invalidAt(below(pointer, 2), 'must be < or <=');
  const top = numberAt(high, below(pointer, 3));
  if (bottom >= top) throw invalidAt(below(pointer, 3), `must be above ${shown(bottom)}`);
  return ofNumber(range, (seen) => isAbove(seen, bottom) && isBelow(seen, top));
};
