import type { Position } from '../domain/position.ts';
import type { EventMetadata, StoredEvent } from '../domain/recorded.ts';
import type { SaltedBytes } from '../domain/salted-bytes.ts';

/**
 * The state a stream must be in for an append to happen. A number is the revision of the last
 * event; `any` is only for writers whose duplicates do no harm.
 */
export type ExpectedRevision = number | 'no_stream' | 'stream_exists' | 'any';

/** Bytes that a fact of the record names by its commitment to them; they lie beside the log. */
export interface NewPayload extends SaltedBytes {
  /** Which fact of the record it belongs to, counted from 0; each has one at most. */
  readonly fact: number;
}

export interface NewEvent {
  /**
   * UUID, minted before the first try and kept on every retry of the same append. Where there are
   * payloads, no other writer may come to the same one.
   */
  readonly id: string;
  readonly type: string;
  readonly data: object;
  readonly metadata: EventMetadata;
  /** Stored with the event or not at all; no read of events shows them. */
  readonly payloads?: readonly NewPayload[];
}

/** Of a payload from some byte on; it is found where the fact is that names it. */
export interface PayloadRange {
  readonly position: Position;
  /** Default 0. */
  readonly from?: number;
}

export interface PayloadPart extends SaltedBytes {
  /** Of the whole payload. */
  readonly size: number;
  /** Where the bytes of this part begin. */
  readonly from: number;
  /** False where the store can only keep it as long as the record. */
  readonly forgettable: boolean;
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
  /** Records in between that are not ours: never events, whatever they are called. */
  readonly onLeftOut?: ((records: readonly StoredEvent[]) => void) | undefined;
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
  /**
   * As much of what was asked for, in that order, as `maxBytes` hold: the last part may be cut short,
   * and the rest has to be asked for again. The first part is never empty unless its range is.
   * Undefined stands for a payload that is not there: forgotten, or never written.
   */
  readPayloads(
    ranges: readonly PayloadRange[],
    maxBytes: number,
  ): Promise<readonly (PayloadPart | undefined)[]>;
  /** Gone for good when it resolves, as far as readers go, and from the disk soon after. */
  forgetPayloads(positions: readonly Position[]): Promise<void>;
  setStreamMetadata(stream: string, metadata: StreamMetadata): Promise<void>;
  getStreamMetadata(stream: string): Promise<StreamMetadata>;
  /** Soft delete: the stream may come back at the next revision. */
  deleteStream(stream: string, expected: ExpectedRevision): Promise<void>;
  /** For good: every later append is refused with `stream-deleted`. */
  tombstoneStream(stream: string, expected: ExpectedRevision): Promise<void>;
  close(): Promise<void>;
}
