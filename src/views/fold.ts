import type { AnyProjection } from '../../projections/projection.ts';
import { isKnown } from '../domain/events.ts';
import type { Logger } from '../domain/logger.ts';
import type { StoredEvent } from '../domain/recorded.ts';

type Evolve<Document> = (
  document: Document | undefined,
  event: StoredEvent,
  ordinal: number,
) => Document | undefined;

/** A projection of either kind as projectors drive it. */
export interface Fold<Document> {
  /** Whether the event counts for this projection; answered without touching `data`. */
  readonly takes: (event: StoredEvent) => boolean;
  readonly key: (event: StoredEvent, ordinal: number) => string | undefined;
  readonly evolve: Evolve<Document>;
}

export const foldOf = <Document>(projection: AnyProjection<Document>): Fold<Document> => {
  if ('every' in projection) {
    return { takes: () => true, key: projection.key, evolve: projection.every };
  }
  // Each fold was checked against its own fact where it was written; from here it is found by type.
  const folds = new Map(Object.entries(projection.evolve) as [string, Evolve<Document>][]);
  return {
    takes: (event) => folds.has(event.type),
    key: (event, ordinal) => (isKnown(event) ? projection.key(event, ordinal) : undefined),
    evolve: (document, event, ordinal) => folds.get(event.type)?.(document, event, ordinal),
  };
};

/** Once is enough where nothing is wrong; a fold is pure, so the others are for a machine that hiccups. */
const tries = 3;

/**
 * A fold that survives its own mistakes: an event it throws on is set aside with an alarm and
 * counted, its document stays as it was, and every other event goes on.
 */
export const carefully = <Document>(view: string, fold: Fold<Document>, log: Logger) => {
  let poisoned = 0;

  const setAside = (event: StoredEvent, error: unknown): void => {
    poisoned += 1;
    const { type, stream, position } = event;
    log.error({ err: error, view, type, stream, position }, 'event set aside by a view');
  };

  /** Undefined, after the last try, for an event that cannot be folded. */
  const again = <Result>(
    event: StoredEvent,
    failure: unknown,
    task: () => Result,
  ): { readonly result: Result } | undefined => {
    let error = failure;
    for (let left = tries - 1; left > 0; left -= 1) {
      try {
        return { result: task() };
      } catch (next) {
        error = next;
      }
    }
    setAside(event, error);
    return undefined;
  };

  const keyOf = (event: StoredEvent, ordinal: number): string | undefined => {
    try {
      return fold.key(event, ordinal);
    } catch (error) {
      return again(event, error, () => fold.key(event, ordinal))?.result;
    }
  };

  const evolve = (
    before: Document | undefined,
    event: StoredEvent,
    ordinal: number,
  ): Document | undefined => {
    try {
      return fold.evolve(before, event, ordinal);
    } catch (error) {
      const later = again(event, error, () => fold.evolve(before, event, ordinal));
      return later === undefined ? before : later.result;
    }
  };

  return { takes: fold.takes, key: keyOf, evolve, setAside, poisoned: () => poisoned };
};
