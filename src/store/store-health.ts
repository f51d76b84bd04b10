import type { Clock } from '../domain/clock.ts';
import { type ErrorCode, TriplineError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import type { EventStore } from './event-store.ts';

/** Of the store itself; whatever else refuses a write shows that it works. */
const failures: ReadonlySet<ErrorCode> = new Set([
  'store-unavailable',
  'store-failed',
  'disk-full',
  'outcome-unknown',
]);

/** Whoever is sent no work tries no write: after this long without one, work is let in to see. */
const silenceMs = 10_000;

export interface StoreHealth {
  /** What is to be used in the store's place. */
  readonly store: EventStore;
  /** False while every write fails, and for good once damage was found. */
  readonly sound: boolean;
}

const codeOf = (error: unknown): ErrorCode | undefined =>
  error instanceof TriplineError ? error.code : undefined;

/** Sees what becomes of writes and reads, and logs each change of the state once. */
export const watchStore = (
  inner: EventStore,
  { clock, log }: { readonly clock: Pick<Clock, 'elapsed'>; readonly log: Logger },
): StoreHealth => {
  let failing = false;
  let failedAt = 0;
  let damaged = false;

  const wrote = (): void => {
    if (!failing) return;
    failing = false;
    log.info({}, 'writes succeed again');
  };
  const refused = (error: unknown): void => {
    const code = codeOf(error);
    noteDamage(error);
    if (code === undefined || !failures.has(code)) return;
    failedAt = clock.elapsed();
    if (failing) return;
    failing = true;
    log.warn({ code }, 'writes fail');
  };
  const noteDamage = (error: unknown): void => {
    if (damaged || codeOf(error) !== 'corrupt-store') return;
    damaged = true;
    log.error({ err: error }, 'damage found in the log');
  };
  const seen = <T>(result: Promise<T>, ok: () => void, failed: (error: unknown) => void) => {
    result.then(ok, failed);
    return result;
  };
  const nothing = (): void => {};

  return {
    store: {
      ...inner,
      append: (stream, expected, events) =>
        seen(inner.append(stream, expected, events), wrote, refused),
      readStream: (stream, options) => seen(inner.readStream(stream, options), nothing, noteDamage),
      readAll: (options) => seen(inner.readAll(options), nothing, noteDamage),
      readPayloads: (ranges, maxBytes) =>
        seen(inner.readPayloads(ranges, maxBytes), nothing, noteDamage),
      forgetPayloads: (positions) => seen(inner.forgetPayloads(positions), wrote, refused),
    },
    get sound() {
      return !damaged && !(failing && clock.elapsed() - failedAt < silenceMs);
    },
  };
};
