import type { Json } from '../../domain/json.ts';
import type { LogicalFunction, ValueFunction } from './functions.ts';

/** From the root, or from the value that a filter looks at. */
export interface Query {
  readonly from: '$' | '@';
  readonly segments: readonly Segment[];
}

export interface Segment {
  readonly isDescendant: boolean;
  /** Its selector where it selects one node at most, whatever it is asked of. */
  readonly only: Step | undefined;
  readonly selectors: readonly Selector[];
  /** Where it stands in the text. */
  readonly at: number;
  readonly end: number;
}

export type Step =
  | { readonly selects: 'name'; readonly name: string }
  | { readonly selects: 'index'; readonly index: number };

export type Selector =
  | Step
  | { readonly selects: 'all' }
  | ({ readonly selects: 'slice' } & Slice)
  | { readonly selects: 'where'; readonly condition: Logical };

export interface Slice {
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly step: number;
}

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Logical =
  | { readonly is: 'any' | 'all'; readonly parts: readonly Logical[] }
  | { readonly is: 'not'; readonly part: Logical }
  | { readonly is: 'exists'; readonly query: Query }
  | {
      readonly is: 'function';
      readonly function: LogicalFunction;
      readonly arguments: readonly Argument[];
    }
  | {
      readonly is: 'comparison';
      readonly comparison: Comparison;
      readonly left: Comparable;
      readonly right: Comparable;
    };

export type Comparable =
  | { readonly gives: 'literal'; readonly value: Json }
  | { readonly gives: 'value'; readonly query: Query }
  | {
      readonly gives: 'result';
      readonly function: ValueFunction;
      readonly arguments: readonly Argument[];
    };

export type Argument = Comparable | { readonly gives: 'nodes'; readonly query: Query };

export const isSingular = ({ only }: Segment): boolean => only !== undefined;
