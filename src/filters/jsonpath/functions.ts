import type { Json } from '../../domain/json.ts';
import { isList, isObject } from '../definition.ts';
import type { Steps } from '../steps.ts';
import { type PatternTest, patternTest } from './pattern/pattern-test.ts';

/** What a function is given: a value or nothing, or all the nodes of a query. */
export type Given = Json | undefined | Nodes;

export class Nodes {
  readonly values: readonly Json[];

  constructor(values: readonly Json[]) {
    this.values = values;
  }
}

interface Signature {
  readonly name: string;
  readonly takes: readonly ('value' | 'nodes')[];
}

export interface ValueFunction extends Signature {
  call(given: readonly Given[], steps: Steps): Json | undefined;
}

export interface LogicalFunction extends Signature {
  readonly isWhole: boolean;
  call(given: readonly Given[], steps: Steps): boolean;
}

/** Two units that are one character. */
const pairs = /[\ud800-\udbff][\udc00-\udfff]/g;

const lengthOf = (value: Given, steps: Steps): number | undefined => {
  if (value instanceof Nodes || value === undefined) return undefined;
  if (typeof value === 'string') {
    steps.take(Math.ceil(value.length / 64));
    return value.length - (value.match(pairs)?.length ?? 0);
  }
  if (isList(value)) return value.length;
  if (!isObject(value)) return undefined;
  const { length } = Object.keys(value);
  steps.take(length);
  return length;
};

export const valueFunctions: ReadonlyMap<string, ValueFunction> = new Map(
  [
    {
      name: 'length',
      takes: ['value'],
      call: ([value]: readonly Given[], steps: Steps) => lengthOf(value, steps),
    } as const,
    {
      name: 'count',
      takes: ['nodes'],
      call: ([nodes]: readonly Given[]) =>
        nodes instanceof Nodes ? nodes.values.length : undefined,
    } as const,
    {
      name: 'value',
      takes: ['nodes'],
      call: ([nodes]: readonly Given[]) =>
        nodes instanceof Nodes && nodes.values.length === 1 ? nodes.values[0] : undefined,
    } as const,
  ].map((each) => [each.name, each]),
);

/** What an expression costs to read that stands in what is looked at. */
const stepsToRead = 5_000;

const testOf = (expression: Given, isWhole: boolean, steps: Steps): PatternTest | undefined => {
  if (typeof expression !== 'string') return undefined;
  steps.take(stepsToRead);
  return patternTest(expression, isWhole);
};

/** Where the expression stands in the query, `known` is its test. */
const patternFunction = (name: string, isWhole: boolean, known?: PatternTest): LogicalFunction => ({
  name,
  isWhole,
  takes: ['value', 'value'],
  call: ([value, expression], steps) => {
    if (typeof value !== 'string') return false;
    const test = known ?? testOf(expression, isWhole, steps);
    return test?.(value, steps) ?? false;
  },
});

/** The whole of a string, or a part of it, is what an I-Regexp describes. */
export const logicalFunctions: ReadonlyMap<string, LogicalFunction> = new Map([
  ['match', patternFunction('match', true)],
  ['search', patternFunction('search', false)],
]);

/** The same for one expression, read once; undefined where it is none. */
export const withExpression = (
  { name, isWhole }: LogicalFunction,
  expression: string,
): LogicalFunction | undefined => {
  const test = patternTest(expression, isWhole);
  return test && patternFunction(name, isWhole, test);
};
