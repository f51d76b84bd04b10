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

export interface Change<Document> {
  readonly key: string;
  readonly before: Document | undefined;
  readonly after: Document | undefined;
}

const tries = 3;

/**
 * A fold that survives its own mistakes: an event it throws on is set aside with an alarm and
 * counted, its document stays as it was, and every other event goes on.
 */
export const carefully = <Document>(view: string, fold: Fold<Document>, log: Logger) => {
  let poisoned = 0;

  const attempt = <Result>(event: StoredEvent, otherwise: Result, task: () => Result): Result => {
    for (let left = tries; ; ) {
      try {
        return task();
      } catch (error) {
        left -= 1;
        if (left > 0) continue;
        poisoned += 1;
        const { type, stream, position } = event;
        log.error({ err: error, view, type, stream, position }, 'event set aside by a view');
        return otherwise;
      }
    }
  };

  return {
    poisoned: () => poisoned,
    takes: fold.takes,
    /** What an event that the view takes makes of its document; undefined: nothing. */
    change: (
      event: StoredEvent,
      ordinal: number,
      load: (key: string) => Document | undefined,
    ): Change<Document> | undefined => {
      const key = attempt(event, undefined, () => fold.key(event, ordinal));
      if (key === undefined) return undefined;
      const before = load(key);
      const after = attempt(event, before, () => fold.evolve(before, event, ordinal));
      return before === after ? undefined : { key, before, after };
    },
  };
};
