import type { AnyProjection } from '../../projections/projection.ts';
import { isKnown } from '../../src/domain/events.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';

type Documents = ReadonlyMap<string, unknown>;
type Evolve = (document: unknown, event: StoredEvent, ordinal: number) => unknown;

/** The plainest way to fold a log: from the start, in order, nothing kept on the way. */
export const freshFold = <D>(
  projection: AnyProjection<D>,
  log: readonly StoredEvent[],
): Documents => {
  const documents = new Map<string, unknown>();
  const foldFor = (event: StoredEvent): Evolve | undefined =>
    'every' in projection
      ? (projection.every as Evolve)
      : isKnown(event)
        ? (projection.evolve[event.type] as Evolve | undefined)
        : undefined;
  let ordinal = 0;
  for (const event of log) {
    const fold = foldFor(event);
    if (!fold) continue;
    const key = (projection.key as (event: StoredEvent, ordinal: number) => string | undefined)(
      event,
      ordinal,
    );
    if (key !== undefined) {
      const document = fold(documents.get(key), event, ordinal);
      if (document === undefined) documents.delete(key);
      else documents.set(key, document);
    }
    ordinal += 1;
  }
  return documents;
};
