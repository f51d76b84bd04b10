import type { FactType, Recorded } from '../src/domain/events.ts';
import type { StoredEvent } from '../src/domain/recorded.ts';

/** What views of both kinds declare. Documents are plain JSON: no `undefined` members, dates or bigints. */
interface View<Document> {
  readonly name: string;
  /** Raise it when the meaning of the documents changes: the view is then rebuilt from the start. */
  readonly version: number;
  /**
   * Members that can be asked for: text, numbers or null, and kept outside of the document's text.
   * What is listed is listed in the order of `position`.
   */
  readonly columns?: readonly (keyof Document & string)[];
  /** Column lists that get an index each; of several that fit a question, the last one answers it. */
  readonly indexes?: readonly (readonly string[])[];
  /** Columns that few documents have a value in: an index that begins with one has only those. */
  readonly rare?: readonly (keyof Document & string)[];
  /**
   * Columns with an id that few documents share, and that each keeps for as long as it lives. All of
   * them are looked up in one index, where a document is entered once however many hold the same id.
   */
  readonly ids?: readonly (keyof Document & string)[];
  /** The member that is the document's key: it is written once. */
  readonly keyMember?: keyof Document & string;
  /** What most documents say: it is not written where it is so. */
  readonly usually?: Partial<Document>;
}

/** A view: one document per key, each a pure fold of the facts that concern it. Inputs are never changed. */
export interface Projection<Document> extends View<Document> {
  /**
   * Which document the fact concerns; undefined: none. `ordinal` counts the facts this projection
   * has folds for, from 0, and so is the same on every rebuild.
   */
  readonly key: (event: Recorded, ordinal: number) => string | undefined;
  /** Facts whose folds do not look at the document before: it is not fetched for them. */
  readonly begins?: readonly FactType[];
  /** `undefined` in means there is no document yet; `undefined` out deletes it. */
  readonly evolve: {
    readonly [T in FactType]?: (
      document: Document | undefined,
      event: Recorded<T>,
      ordinal: number,
    ) => Document | undefined;
  };
}

/** An event without its body, which these views therefore never cause to be parsed. */
export type Enveloped = Omit<StoredEvent, 'data'>;

/** A view of every event there is, those of later releases too, by their envelopes alone. */
export interface EnvelopeProjection<Document> extends View<Document> {
  readonly key: (event: Enveloped, ordinal: number) => string;
  readonly every: (
    document: Document | undefined,
    event: Enveloped,
    ordinal: number,
  ) => Document | undefined;
}

export type AnyProjection<Document> = Projection<Document> | EnvelopeProjection<Document>;

export const defineProjection = <Document>(
  projection: Projection<Document>,
): Projection<Document> => projection;

export const defineEnvelopeProjection = <Document>(
  projection: EnvelopeProjection<Document>,
): EnvelopeProjection<Document> => projection;
