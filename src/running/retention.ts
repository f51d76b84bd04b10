import type { QueueEntry } from '../../projections/queue.ts';
import type { Actors } from '../actors/actors.ts';
import { payloadExpiryAddress } from '../actors/addresses.ts';
import { type Clock, isoOf } from '../domain/clock.ts';
import type { DataOf } from '../domain/events.ts';
import type { Expiry } from '../domain/expiry/decider.ts';
import { systemWorkspace } from '../domain/ids.ts';
import type { Logger } from '../domain/logger.ts';
import { recordPositionOf } from '../domain/position.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Activity } from './activity.ts';
import type { CommandSender } from './command-sender.ts';
import { type BodyBeside, bodyBeside, factsBehind } from './expired-payloads.ts';

/** Goes at once, and is said in one fact: so many, and about so many bytes. */
const portion = { bodies: 500, bytes: 8 * 1_048_576 };
const betweenMs = 250;
const lookEveryMs = 60_000;
const dayMs = 86_400_000;

export interface RetentionDeps {
  readonly store: Pick<EventStore, 'readAll'>;
  readonly actors: Pick<Actors, 'read'>;
  readonly sender: CommandSender;
  /** What has not ended, and so needs its body. */
  readonly open: () => Iterable<Pick<QueueEntry, 'arrivalId'>>;
  readonly clock: Clock;
  readonly activity: Activity;
  readonly log: Logger;
  /** Undefined: bodies are kept. */
  readonly days: number | undefined;
}

/** Lets bodies go when they have become old, a bounded portion at a time. */
export interface Retention {
  start(): void;
  stop(): void;
}

interface Stretch {
  readonly upTo: string;
  readonly bodies: readonly BodyBeside[];
  /** There is more behind it. */
  readonly isFull: boolean;
}

/** Whole records from there on, up to the bound or to the first that is too young. */
const stretchBehind = async (
  store: RetentionDeps['store'],
  after: string,
  before: string,
): Promise<Stretch> => {
  const bodies: BodyBeside[] = [];
  let upTo = after;
  let bytes = 0;
  for await (const event of factsBehind(store, after)) {
    const { position, metadata } = event;
    if (recordPositionOf(position) === position) {
      const isFull = bodies.length >= portion.bodies || bytes >= portion.bytes;
      if (isFull || metadata.occurredAt >= before) return { upTo, bodies, isFull };
    }
    const body = bodyBeside(event);
    if (body !== undefined) bodies.push(body);
    bytes += body?.size ?? 0;
    upTo = position;
  }
  return { upTo, bodies, isFull: false };
};

export const createRetention = (deps: RetentionDeps): Retention => {
  const { store, actors, sender, clock, activity, log, days } = deps;
  let cancel = (): void => {};
  let stopped = false;
  const keptMs = (days ?? 0) * dayMs;
  /** Nothing up to there is left to let go; it need not be read again. */
  let seen = '';

  /** What is to be recorded next; undefined where nothing is old enough. */
  const nextOf = async ({ upTo, kept }: Expiry): Promise<DataOf<'PayloadsExpired'> | undefined> => {
    const needed = new Set<string>();
    for (const { arrivalId } of deps.open()) needed.add(arrivalId);
    const also = [...kept]
      .filter(([, arrivalId]) => !needed.has(arrivalId))
      .slice(0, portion.bodies)
      .map(([place]) => place);
    const before = isoOf(clock.now() - keptMs);
    const found = await stretchBehind(store, seen > upTo ? seen : upTo, before);
    const still = found.bodies.flatMap(({ arrivalId, place }) =>
      arrivalId !== undefined && needed.has(arrivalId) ? [{ arrivalId, place }] : [],
    );
    if (found.bodies.length === 0) seen = found.upTo;
    const isWorthAFact = also.length > 0 || still.length < found.bodies.length || found.isFull;
    return isWorthAFact ? { after: upTo, upTo: found.upTo, kept: still, also } : undefined;
  };

  /** Whether there was something, and so may be more. */
  const letGo = async (): Promise<boolean> => {
    const address = payloadExpiryAddress();
    const next = await nextOf((await actors.read(address)).state);
    if (next === undefined) return false;
    const command = { type: 'ExpirePayloads', ...next } as const;
    const cause = { workspace: systemWorkspace, correlationId: address.stream };
    await sender.send(address, command, 'system:retention', cause);
    log.info({ upTo: next.upTo }, 'old bodies forgotten');
    return true;
  };

  const look = async (): Promise<void> => {
    activity.begin();
    const more = await letGo().catch((error: unknown) => {
      log.warn({ err: error }, 'old bodies could not be looked for');
      return false;
    });
    activity.end();
    again(more ? betweenMs : lookEveryMs);
  };

  const again = (delayMs: number): void => {
    if (stopped) return;
    cancel = clock.after(delayMs, () => void look());
  };

  return {
    start() {
      if (days !== undefined) again(betweenMs);
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
};
