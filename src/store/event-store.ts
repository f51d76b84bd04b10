import type { Position } from '../domain/position.ts';
import type { EventMetadata, StoredEvent } from '../domain/recorded.ts';

/**
 * The state a stream must be in for an append to happen. A number is the revision of the last
 * event; `any` is only for writers whose duplicates do no harm.
 */
export type ExpectedRevision = number | 'no_stream' | 'stream_exists' | 'any';

export interface NewEvent {
  /** UUID, minted before the first try and kept on every retry of the same append. */
  readonly id: string;
  readonly type: string;
  readonly data: object;
  readonly metadata: EventMetadata;
}

export interface Appended {
  /** Revision of the last event of this append. */
  readonly revision: number;
  /** Undefined only where the store answers a repeated append without telling the place. */
  readonly position: Position | undefined;
}

export interface ReadStreamOptions {
  /** Inclusive. Defaults to the start (forwards) or the end (backwards). */
  readonly from?: number | 'start' | 'end';
  readonly direction?: 'forwards' | 'backwards';
  /** Upper bound of the page, default 1 000. */
  readonly maxCount?: number;
}

export interface ReadAllOptions {
  /** Inclusive forwards, exclusive backwards. Defaults to the start or the end. */
  readonly from?: Position | 'start' | 'end';
  readonly direction?: 'forwards' | 'backwards';
  readonly maxCount?: number;
}

export interface SubscribeOptions {
  /** Exclusive. `start` delivers everything, `end` only what comes after. */
  readonly from: Position | 'start' | 'end';
}

export interface SubscriptionHandlers {
  /** In log order, without gaps, one batch at a time: the next one waits for the promise. */
  readonly onEvents: (events: readonly StoredEvent[]) => void | Promise<void>;
  /** Everything durable at the time has been *handled*; may be called again after each catch-up. */
  readonly onCaughtUp?: (() => void) | undefined;
  /** The subscription is over; whoever holds it subscribes again from its own checkpoint. */
  readonly onDropped?: ((reason: Error) => void) | undefined;
}

export interface Subscription {
  /** Resolves when no handler runs and none will run any more. */
  unsubscribe(): Promise<void>;
}

export interface StreamMetadata {
  readonly maxCount?: number;
  /** Seconds. */
  readonly maxAge?: number;
}

/**
 * The log. An append is all or nothing and durable when its promise resolves; a rejected append
 * stored nothing, except with `outcome-unknown`. Appending the same event ids again at the same
 * revision answers with the original revision. Semantics, row by row: `test/store/event-store-contract.ts`.
 *
 * Errors: `wrong-expected-revision` (a {@link WrongExpectedRevision}), `stream-not-found`,
 * `stream-deleted`, `event-too-large`, `store-unavailable`, `disk-full`, `outcome-unknown`,
 * `store-failed` (the process must stop), `corrupt-store`.
 */
export interface EventStore {
  /** True where the operating system guarantees that no other process writes to this store. */
  readonly exclusive: boolean;
  append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<Appended>;
  /** Rejects with `stream-not-found` for a missing or deleted stream, `stream-deleted` for a tombstone. */
  readStream(stream: string, options?: ReadStreamOptions): Promise<readonly StoredEvent[]>;
  readAll(options?: ReadAllOptions): Promise<readonly StoredEvent[]>;
  subscribeAll(options: SubscribeOptions, handlers: SubscriptionHandlers): Subscription;
  setStreamMetadata(stream: string, metadata: StreamMetadata): Promise<void>;
  getStreamMetadata(stream: string): Promise<StreamMetadata>;
  /** Soft delete: the stream may come back at the next revision. */
  deleteStream(stream: string, expected: ExpectedRevision): Promise<void>;
  /** For good: every later append is refused with `stream-deleted`. */
  tombstoneStream(stream: string, expected: ExpectedRevision): Promise<void>;
  close(): Promise<void>;
}
