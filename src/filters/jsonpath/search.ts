import type { Json } from '../../domain/json.ts';
import { isList, isObject } from '../definition.ts';
import type { Steps } from '../steps.ts';
import { childAt } from './child.ts';
import { compare } from './comparison.ts';
import { type Given, Nodes } from './functions.ts';
import { indicesOf } from './indices.ts';
import type { Argument, Comparable, Logical, Query, Segment, Selector, Slice } from './query.ts';

/** Is shown the values that a query selects, in order; true where it has seen enough. */
type Visitor = (value: Json) => boolean;

const childrenOf = (value: Json): readonly Json[] => {
  if (isList(value)) return value;
  return isObject(value) ? Object.values(value) : [];
};

/** One document that is searched, and what is left of its steps. */
export class Search {
  private readonly root: Json;
  private readonly steps: Steps;

  constructor(root: Json, steps: Steps) {
    this.root = root;
    this.steps = steps;
  }

  /** Whether the visitor has seen enough. */
  visit(query: Query, current: Json, visitor: Visitor): boolean {
    return this.onwards(query.segments, 0, query.from === '$' ? this.root : current, visitor);
  }

  private onwards(
    segments: readonly Segment[],
    at: number,
    value: Json,
    visitor: Visitor,
  ): boolean {
    this.steps.take(1);
    const segment = segments[at];
    if (segment === undefined) return visitor(value);
    if (segment.only !== undefined) {
      const child = childAt(value, segment.only);
      return child !== undefined && this.onwards(segments, at + 1, child, visitor);
    }
    const next: Visitor = (found) => this.onwards(segments, at + 1, found, visitor);
    return segment.isDescendant
      ? this.everyDescendant(value, (each) => this.selected(segment, each, next))
      : this.selected(segment, value, next);
  }

  /** The value itself, then what is within it, however deep. */
  private everyDescendant(value: Json, visitor: Visitor): boolean {
    const open = [value];
    for (let each = open.pop(); each !== undefined; each = open.pop()) {
      if (visitor(each)) return true;
      const children = childrenOf(each);
      this.steps.take(1 + children.length);
      for (let at = children.length - 1; at >= 0; at -= 1) {
        const child = children[at];
        if (child !== undefined) open.push(child);
      }
    }
    return false;
  }

  private selected({ selectors }: Segment, value: Json, visitor: Visitor): boolean {
    return selectors.some((selector) => this.select(selector, value, visitor));
  }

  private select(selector: Selector, value: Json, visitor: Visitor): boolean {
    if (selector.selects === 'name' || selector.selects === 'index') {
      const child = childAt(value, selector);
      return child !== undefined && visitor(child);
    }
    if (selector.selects === 'slice') return isList(value) && this.slice(selector, value, visitor);
    const children = childrenOf(value);
    this.steps.take(children.length);
    if (selector.selects === 'all') return children.some(visitor);
    return children.some((child) => this.holds(selector.condition, child) && visitor(child));
  }

  private slice(slice: Slice, list: readonly Json[], visitor: Visitor): boolean {
    for (const index of indicesOf(slice, list.length)) {
      const element = list[index];
      if (element !== undefined && visitor(element)) return true;
    }
    return false;
  }

  private holds(condition: Logical, current: Json): boolean {
    this.steps.take(1);
    switch (condition.is) {
      case 'any':
        return condition.parts.some((part) => this.holds(part, current));
      case 'all':
        return condition.parts.every((part) => this.holds(part, current));
      case 'not':
        return !this.holds(condition.part, current);
      case 'exists':
        return this.visit(condition.query, current, () => true);
      case 'function':
        return condition.function.call(
          condition.arguments.map((each) => this.given(each, current)),
          this.steps,
        );
      default: {
        const { comparison, left, right } = condition;
        return compare(
          comparison,
          this.value(left, current),
          this.value(right, current),
          this.steps,
        );
      }
    }
  }

  private given(argument: Argument, current: Json): Given {
    if (argument.gives !== 'nodes') return this.value(argument, current);
    const values: Json[] = [];
    this.visit(argument.query, current, (value) => {
      values.push(value);
      return false;
    });
    return new Nodes(values);
  }

  private value(comparable: Comparable, current: Json): Json | undefined {
    if (comparable.gives === 'literal') return comparable.value;
    if (comparable.gives === 'result') {
      const given = comparable.arguments.map((each) => this.given(each, current));
      return comparable.function.call(given, this.steps);
    }
    let found: Json | undefined;
    this.visit(comparable.query, current, (value) => {
      found = value;
      return true;
    });
    return found;
  }
}
