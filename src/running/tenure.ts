import type { Clock } from '../domain/clock.ts';
import { isoOf } from '../domain/clock.ts';
import { isTriplineError } from '../domain/errors.ts';
import { facts as definitions, type Fact } from '../domain/events.ts';
import { membersStream, systemWorkspace } from '../domain/ids.ts';
import type { Logger } from '../domain/logger.ts';
import { type Position, recordPositionOf } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { EventStore } from '../store/event-store.ts';
import { recordOf } from '../store/record.ts';
import { lastOf } from './last-of.ts';

/** An owner shows itself this often, also when it has nothing to record. */
const signEveryMs = 2_000;
/** After so long without a sign its lane may be taken. */
const silenceMs = 8_000;
/** Signs are heard as they come; nobody reads old ones. */
const signsKept = 16;
const lookEveryMs = 1_000;
/** Later than this, this process itself was not listening, and what it did not hear says nothing. */
const deafMs = 1_000;
/** Signs on their way that are remembered; one that comes back later proves nothing new. */
const signsUnderWay = 4;

export interface TenureDeps {
  readonly store: Pick<EventStore, 'append' | 'readStream' | 'setStreamMetadata' | 'exclusive'>;
  /** The lane's journal. */
  readonly stream: string;
  readonly ownerId: string;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Logger;
  /** Up to where the log has been folded. */
  readonly position: () => Position;
  /** The journal, up to there, is this process's to go on with. */
  readonly onTaken: (revision: number | 'no_stream') => void;
  /** Another process has taken it since. */
  readonly onLost: () => void;
}

/**
 * Who runs a lane. Where the store has one owner, that is the lane's. Else the lane is taken by a
 * record in its own journal, once nobody has it or its owner has been silent for eight seconds of
 * this process's own listening; from then on every turn of the former owner is refused by the
 * journal's revision. A silence that was not listened to does not count.
 */
export interface Tenure {
  /** The log has been read to its end. */
  caughtUp(): Promise<void>;
  /** To be told every fact, in order. */
  heard(event: StoredEvent): void;
  /**
   * Whether the lane was this process's less than so long ago, with all folded that was on record
   * then: known from its own signs, by when they were sent, once they have come back on the log.
   */
  wasMineWithin(ms: number): boolean;
  /** Gives the lane up for others to take at once. */
  release(revision: number | 'no_stream' | undefined): Promise<void>;
  stop(): void;
}

export const createTenure = (deps: TenureDeps): Tenure => {
  const { store, stream, ownerId, clock, newId, log } = deps;
  let mine = false;
  let journalEnd: number | 'no_stream' = 'no_stream';
  let heardAt = clock.elapsed();
  let lookedAt = clock.elapsed();
  let isFree = false;
  /** When the last of its own records that came back was sent. */
  let sureAt = Number.NEGATIVE_INFINITY;
  /** When its own records were sent that have not come back, by their ids. */
  const sent = new Map<string, number>();
  let cancelTimer = (): void => {};
  let stopped = false;

  const record = (fact: Fact) => {
    const { schemaVersion } = definitions[fact.type];
    return recordOf(newId(), [{ fact, schemaVersion }], {
      workspace: systemWorkspace,
      actor: 'system:lanes',
      occurredAt: isoOf(clock.now()),
      $correlationId: ownerId,
    });
  };

  /** One that will be known again. */
  const signedRecord = (fact: Fact) => {
    const signed = record(fact);
    sent.set(signed.id, clock.elapsed());
    for (const oldest of sent.keys()) if (sent.size > signsUnderWay) sent.delete(oldest);
    return signed;
  };

  const cameBack = ({ id }: StoredEvent): void => {
    sureAt = sent.get(id) ?? sureAt;
    sent.delete(id);
  };

  const again = (delayMs: number, task: () => Promise<void>): void => {
    if (stopped) return;
    cancelTimer = clock.after(delayMs, () => {
      task().catch((error: unknown) => log.warn({ err: error }, 'lane not looked after'));
    });
  };

  const sign = async (): Promise<void> => {
    try {
      const seen: Fact = { type: 'InstanceSeen', data: { instance: ownerId, lanes: [stream] } };
      await store.append(membersStream, 'any', [signedRecord(seen)]);
    } finally {
      again(signEveryMs, sign);
    }
  };

  const beginSigning = async (): Promise<void> => {
    try {
      await store.setStreamMetadata(membersStream, { maxCount: signsKept });
    } finally {
      await sign();
    }
  };

  /** Behind what is written there, this process cannot say that nobody is there. */
  const isAtEnd = async (): Promise<boolean> => {
    const last = await lastOf(store, stream);
    if (last !== undefined && recordPositionOf(last.position) > deps.position()) return false;
    journalEnd = last?.revision ?? 'no_stream';
    isFree = last === undefined || last.type === 'LaneReleased';
    return true;
  };

  const take = async (): Promise<void> => {
    const taken: Fact = { type: 'LaneTaken', data: { lane: stream, instance: ownerId } };
    try {
      await store.append(stream, journalEnd, [signedRecord(taken)]);
      log.info({ lane: stream }, 'lane taken');
    } catch (error) {
      heardAt = clock.elapsed();
      if (!isTriplineError(error, 'wrong-expected-revision')) throw error;
    }
  };

  const look = async (): Promise<void> => {
    const now = clock.elapsed();
    if (now - lookedAt > lookEveryMs + deafMs) heardAt = now;
    lookedAt = now;
    try {
      if (!(await isAtEnd())) heardAt = now;
      else if (!mine && (isFree || now - heardAt >= silenceMs)) await take();
    } finally {
      if (!mine) again(lookEveryMs, look);
    }
  };

  const becomeOwner = (revision: number | 'no_stream'): void => {
    mine = true;
    cancelTimer();
    deps.onTaken(revision);
  };

  const heardOfLane = ({ type, data, revision }: StoredEvent): void => {
    journalEnd = revision;
    heardAt = clock.elapsed();
    isFree = type === 'LaneReleased';
    if (type !== 'LaneTaken') return;
    const isOwn = (data as { instance: string }).instance === ownerId;
    if (mine && !isOwn) deps.onLost();
    if (mine || !isOwn) return;
    becomeOwner(revision);
    void beginSigning().catch((error: unknown) => log.warn({ err: error }, 'sign not recorded'));
  };

  return {
    async caughtUp() {
      if (mine || stopped) return;
      if (store.exclusive) {
        const last = await lastOf(store, stream);
        // Said twice, as after a lost connection, it was taken by whichever was answered first.
        if (!mine && !stopped) becomeOwner(last?.revision ?? 'no_stream');
        return;
      }
      heardAt = clock.elapsed();
      lookedAt = heardAt;
      await look();
    },
    heard(event) {
      cameBack(event);
      if (event.stream === stream) heardOfLane(event);
      else if (event.type === 'InstanceSeen') heardAt = clock.elapsed();
    },
    wasMineWithin: (ms) => mine && !stopped && (store.exclusive || clock.elapsed() - sureAt < ms),
    async release(revision) {
      stopped = true;
      cancelTimer();
      if (store.exclusive || !mine || revision === undefined) return;
      const released: Fact = { type: 'LaneReleased', data: { lane: stream, instance: ownerId } };
      await store.append(stream, revision, [record(released)]).catch((error: unknown) => {
        log.warn({ err: error }, 'lane not released: others wait until it has been silent');
      });
    },
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
};
