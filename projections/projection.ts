import type { FactType, Recorded } from '../src/domain/events.ts';

/**
 * A view: one document per key, each a pure fold of the facts that concern it. Documents are plain
 * JSON: no `undefined` members, dates or bigints. Inputs are never changed.
 */
export interface Projection<Document> {
  readonly name: string;
  /** Raise it when the meaning of the documents changes: the view is then rebuilt from the start. */
  readonly version: number;
  /**
   * Which document the fact concerns; undefined: none. `ordinal` counts the facts this projection
   * has taken, from 0, and so is the same on every rebuild.
   */
  readonly key: (event: Recorded, ordinal: number) => string | undefined;
  /** `undefined` in means there is no document yet; `undefined` out deletes it. */
  readonly evolve: {
    readonly [T in FactType]?: (
      document: Document | undefined,
      event: Recorded<T>,
      ordinal: number,
    ) => Document | undefined;
  };
  /** Columns that can be asked for, in the order of their importance; values by document. */
  readonly columns?: Readonly<Record<string, (document: Document) => string | number | null>>;
  /** Column lists that get an index each. */
  readonly indexes?: readonly (readonly string[])[];
}

export const defineProjection = <Document>(
  projection: Projection<Document>,
): Projection<Document> => projection;
