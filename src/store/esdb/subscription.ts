import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AllStreamSubscription } from '@eventstore/db-client';
import type { StoredEvent } from '../../domain/recorded.ts';
import type { SubscribeOptions, Subscription, SubscriptionHandlers } from '../event-store.ts';
import type { EsdbConnection, EsdbSession } from './connection.ts';
import { storedEventOf } from './event.ts';
import { unavailable } from './persistence.ts';
import { placeOf } from './position.ts';
import { judgeRejection } from './rejection.ts';
import type { StreamNames } from './stream-names.ts';

/** How many events a subscriber is handed at most at once. */
const batchSize = 512;

const asError = (reason: unknown): Error =>
  reason instanceof Error ? reason : new Error(String(reason));

/**
 * Follows the log without the streams that are not ours. The client's subscription never comes back by
 * itself and ends in three ways, each telling something else; here all are one: dropped.
 */
export const subscribeToLog = (
  connection: EsdbConnection,
  names: StreamNames,
  options: SubscribeOptions,
  handlers: SubscriptionHandlers,
): Subscription => {
  const fromPosition = placeOf(options.from);
  const { filter } = names;
  let source: AllStreamSubscription | undefined;
  const finished = new AbortController();
  let over = false;
  let dropped: Error | undefined;
  /** What comes now is new, so it must not wait. */
  let live = false;
  /** Events taken out of the client's buffer so far. */
  let taken = 0;
  /** How many must be handled before the subscriber has caught up, oldest first. */
  const caughtUpAt: number[] = [];
  let wake = (): void => {};

  const stop = (reason?: Error): void => {
    if (over) return;
    over = true;
    dropped = reason;
    wake();
  };
  const lost = (reason: unknown): void => stop(unavailable(reason));
  const failed = (error: unknown): void => {
    const rejection = judgeRejection(error, '$all');
    if (rejection.kind === 'refused') stop(rejection.error);
    else lost(error);
  };

  const open = ({ client, over: ended }: EsdbSession): AllStreamSubscription => {
    const opened = client.subscribeToAll({ fromPosition, filter }, { highWaterMark: batchSize });
    opened.on('error', failed);
    opened.on('end', () => lost('the subscription ended'));
    opened.on('close', () => lost('the subscription was closed'));
    opened.on('readable', () => wake());
    opened.on('caughtUp', () => {
      // It overtakes the events that wait in the client's buffer.
      live = true;
      caughtUpAt.push(taken + opened.readableLength);
      wake();
    });
    ended.addEventListener('abort', () => lost('the connection was renewed'), {
      signal: finished.signal,
    });
    return opened;
  };

  /**
   * The client lets events through one by one. A turn makes one batch of what came together; while
   * catching up, as many turns as bring more, since large batches are what a reader is fast with.
   */
  const gather = async (from: AllStreamSubscription): Promise<void> => {
    let before: number;
    do {
      before = from.readableLength;
      await nextTurn();
    } while (!live && from.readableLength > before && from.readableLength < batchSize);
  };
  const take = (from: AllStreamSubscription): StoredEvent[] => {
    const batch: StoredEvent[] = [];
    while (batch.length < batchSize) {
      const next = from.read();
      if (next === null) break;
      taken += 1;
      const event = storedEventOf(next, names);
      if (event !== undefined) batch.push(event);
    }
    return batch;
  };
  const tellCaughtUp = (): void => {
    while (!over && (caughtUpAt[0] ?? Number.POSITIVE_INFINITY) <= taken) {
      caughtUpAt.shift();
      handlers.onCaughtUp?.();
    }
  };
  const step = async (from: AllStreamSubscription): Promise<void> => {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    await gather(from);
    if (over) return;
    const batch = take(from);
    if (batch.length > 0) await handlers.onEvents(batch);
    tellCaughtUp();
    if (!over && from.readableLength === 0) await woken;
  };
  const run = async (): Promise<void> => {
    try {
      const session = await connection.session();
      if (!over) source = open(session);
      while (!over && source !== undefined) await step(source);
    } catch (error) {
      stop(asError(error));
    }
    finished.abort();
    // Ends the call at the server as well, which leaving the stream alone would not.
    source?.unsubscribe().catch(() => {});
    source?.destroy();
    if (dropped !== undefined) handlers.onDropped?.(dropped);
  };

  const running = run();
  return {
    unsubscribe: async () => {
      stop();
      await running;
    },
  };
};
