import type { Json } from '../../domain/json.ts';
import type { Reason } from '../bounded-filter.ts';
import { below, isList, isObject } from '../definition.ts';
import { ownMember } from '../member.ts';
import type { Steps } from '../steps.ts';
import { type Scalar, shown } from './demand.ts';
import { someElement } from './elements.ts';
import { expectedOf, type Field } from './field.ts';
import { firstField, type Tree, textOfTree } from './tree.ts';

const isScalar = (value: Json): value is Scalar => typeof value !== 'object' || value === null;

/** What an event has is missing where it is undefined. */
export type EventDocument = Readonly<Record<string, Json | undefined>>;

/** One document tried on trees. A field is absent where it has no value anywhere in the document. */
export class Evaluation {
  private absent: Map<Field, boolean> | undefined;
  private readonly document: EventDocument;
  private readonly steps: Steps;

  constructor(document: EventDocument, steps: Steps) {
    this.document = document;
    this.steps = steps;
  }

  /** Whether all of the tree holds within the document. */
  holds(tree: Tree): boolean {
    return this.holdsWithin(tree, this.document);
  }

  /** Of a tree that does not hold. */
  why(tree: Tree): Reason {
    return this.whyWithin(tree, this.document, '') ?? this.whyNowhere(tree, undefined, '');
  }

  private holdsWithin(tree: Tree, object: EventDocument): boolean {
    for (const [name, member] of tree.members) {
      if (!this.holdsOf(member, ownMember(object, name))) return false;
    }
    return true;
  }

  private holdsOf(tree: Tree, value: Json | undefined): boolean {
    if (tree.field !== undefined && !this.fieldHolds(tree.field, value)) return false;
    if (tree.members.length === 0 || this.isAbsent(tree)) return true;
    if (!isList(value)) return isObject(value) && this.holdsWithin(tree, value);
    return someElement(
      value,
      this.steps,
      (element) => isObject(element) && this.holdsWithin(tree, element),
    );
  }

  private fieldHolds(field: Field, value: Json | undefined): boolean {
    const holds = isList(value)
      ? someElement(value, this.steps, (element) => this.someDemand(field, element))
      : value !== undefined && this.someDemand(field, value);
    return holds || this.fieldIsAbsent(field);
  }

  private someDemand({ demands }: Field, value: Json): boolean {
    if (!isScalar(value)) return false;
    this.steps.take(demands.length);
    for (const demand of demands) if (demand.test(value, this.steps)) return true;
    return false;
  }

  private isAbsent(tree: Tree): boolean {
    if (!tree.mayBeAbsent) return false;
    if (tree.field !== undefined && !this.fieldIsAbsent(tree.field)) return false;
    return tree.members.every(([, member]) => this.isAbsent(member));
  }

  private fieldIsAbsent(field: Field): boolean {
    if (!field.mayBeAbsent) return false;
    this.absent ??= new Map();
    const known = this.absent.get(field);
    if (known !== undefined) return known;
    const [first = ''] = field.path;
    const isAbsent = !this.hasValue(ownMember(this.document, first), field.path, 1);
    this.absent.set(field, isAbsent);
    return isAbsent;
  }

  private hasValue(value: Json | undefined, path: readonly string[], depth: number): boolean {
    const name = path[depth];
    if (name === undefined) return someElement(value, this.steps, isScalar);
    return someElement(
      value,
      this.steps,
      (element) => isObject(element) && this.hasValue(ownMember(element, name), path, depth + 1),
    );
  }

  private whyNot(tree: Tree, value: Json | undefined, path: string): Reason {
    const { field } = tree;
    if (field !== undefined && !this.fieldHolds(field, value))
      return { predicate: field.text, path, expected: expectedOf(field), seen: value };
    let only = value;
    let at = path;
    // Of a list of one, what is within it says more.
    for (; isList(only) && only.length === 1; only = only[0]) {
      this.steps.take(1);
      at = below(at, 0);
    }
    if (!isList(only) || only.length === 0)
      return (
        this.whyWithin(tree, isObject(only) ? only : {}, at) ?? this.whyNowhere(tree, only, at)
      );
    const expected = 'a list with one element that has all of it';
    return { predicate: textOfTree(tree), path: at, expected, seen: only };
  }

  private whyWithin(tree: Tree, object: EventDocument, path: string): Reason | undefined {
    for (const [name, member] of tree.members) {
      const found = ownMember(object, name);
      if (!this.holdsOf(member, found)) return this.whyNot(member, found, below(path, name));
    }
    return undefined;
  }

  /** Each member would hold of nothing, but there is no object that has nothing of them. */
  private whyNowhere(tree: Tree, value: Json | undefined, path: string): Reason {
    const first = firstField(tree, path);
    const expected = first === undefined ? shown(path) : expectedOf(first.field);
    return { predicate: textOfTree(tree), path: first?.path ?? path, expected, seen: value };
  }
}
