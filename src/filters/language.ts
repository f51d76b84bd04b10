import type { Json } from '../domain/json.ts';

/**
 * What filters see of an arrival. The languages of JSON (`eventfilter`, `eventbridge`, `jsonpath`)
 * see it as one document with these members; `cesql` sees `attributes`.
 */
export interface FilterInput {
  /** The body where it is JSON, else undefined, and then it is missing and not null. */
  readonly payload: Json | undefined;
  /** Lower-case names; a list where one was sent more than once. */
  readonly headers: Readonly<Record<string, Json>>;
  readonly query: Readonly<Record<string, Json>>;
  readonly source: string;
  readonly type: string;
  /**
   * Attributes and extensions of the arrival as a CloudEvent by their lower-case names: always `id`,
   * `source`, `specversion` and `type`; of `subject`, `time`, `datacontenttype`, `dataschema` and
   * extensions those that there are. Timestamps, URIs and bytes stand as the text they came as.
   */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** The first predicate that failed. Each text is bounded, however large what it tells of. */
export interface Mismatch {
  readonly language: string;
  /** As it stands in the definition. */
  readonly predicate: string;
  /** A JSON pointer into what filters see. */
  readonly path: string;
  readonly expected: string;
  /** As JSON; left out where there was nothing. */
  readonly seen?: string;
}

/** Pure and bounded: one that takes more steps than there are does not match, and says so. */
export interface Filter {
  matches(input: FilterInput): boolean;
  /** Undefined exactly where it matches. */
  explain(input: FilterInput): Mismatch | undefined;
}

/** How what starts a trigger may be described. */
export interface FilterLanguage {
  readonly name: string;
  /**
   * Throws `validation-failed` whose field is `definition` and a JSON pointer to the mistake; of
   * languages written as text the message tells the character it begins at, counted from 0.
   */
  compile(definition: Json): Filter;
}
