import type { BuiltIn } from './functions.ts';
import type { LikeTest } from './like.ts';
import type { Value } from './value.ts';

/** Where it stands in the text. */
interface Span {
  readonly at: number;
  readonly end: number;
}

export type Arithmetic = '*' | '/' | '%' | '+' | '-';
export type Equality = '=' | '!=' | '<>';
export type Order = '<' | '<=' | '>' | '>=';
export type Logic = 'AND' | 'OR' | 'XOR';

type Form =
  | { readonly form: 'literal'; readonly value: Value }
  | { readonly form: 'attribute' | 'exists'; readonly name: string }
  | { readonly form: 'not' | 'minus'; readonly operand: Expression }
  | Binary<'arithmetic', Arithmetic>
  | Binary<'equality', Equality>
  | Binary<'order', Order>
  | Binary<'logic', Logic>
  | Negatable<'like', LikeTest>
  | Negatable<'in', readonly Expression[]>
  | {
      readonly form: 'call';
      readonly name: string;
      /** Undefined where there is none of that name for so many arguments. */
      readonly builtIn: BuiltIn | undefined;
      readonly arguments: readonly Expression[];
    };

export interface Binary<Name extends string, Operator> {
  readonly form: Name;
  readonly operator: Operator;
  readonly left: Expression;
  readonly right: Expression;
}

interface Negatable<Name extends string, Range> {
  readonly form: Name;
  readonly operand: Expression;
  readonly isNegated: boolean;
  readonly range: Range;
}

export type Expression = Form & Span;

/** What it is made of, in the order in which that is written. */
export const partsOf = (expression: Expression): readonly Expression[] => {
  switch (expression.form) {
    case 'not':
    case 'minus':
    case 'like':
      return [expression.operand];
    case 'in':
      return [expression.operand, ...expression.range];
    case 'call':
      return expression.arguments;
    case 'literal':
    case 'attribute':
    case 'exists':
      return [];
    default:
      return [expression.left, expression.right];
  }
};
