import type { AnyProjection } from '../../projections/projection.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { foldOf } from '../../src/views/fold.ts';

/** A view as far as it has come; plain JSON, so that it survives a restart. */
export interface Folded<Document> {
  readonly ordinal: number;
  readonly documents: Readonly<Record<string, Document>>;
}

export const frozen = <Value>(value: Value): Value => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) frozen(member);
  return value;
};

/** The simplest projector there can be: what every other one must agree with. */
export const folded = <Document>(
  projection: AnyProjection<Document>,
  events: readonly StoredEvent[],
  begin: Folded<Document> = { ordinal: 0, documents: {} },
): Folded<Document> => {
  const fold = foldOf(projection);
  const documents = new Map(Object.entries(begin.documents));
  let { ordinal } = begin;
  for (const event of events) {
    if (!fold.takes(event)) continue;
    const key = fold.key(event, ordinal);
    const after = key === undefined ? undefined : fold.evolve(documents.get(key), event, ordinal);
    if (key !== undefined) {
      if (after === undefined) documents.delete(key);
      else documents.set(key, frozen(after));
    }
    ordinal += 1;
  }
  return { ordinal, documents: Object.fromEntries(documents) };
};

export const restarted = <Document>(state: Folded<Document>): Folded<Document> =>
  JSON.parse(JSON.stringify(state));
