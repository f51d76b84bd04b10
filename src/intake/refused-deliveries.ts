import type { Actors } from '../actors/actors.ts';
import { refusalAddress } from '../actors/addresses.ts';
import { OutcomeUnknown } from '../actors/outcome-unknown.ts';
import type { Chance } from '../domain/chance.ts';
import { type Clock, isoOf } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { RefusedDeliveries } from '../domain/refusal/decider.ts';
import { refusedPath } from './refusal-bounds.ts';
import { createRefusalTally } from './refusal-tally.ts';

export interface RefusedDeliveriesDeps {
  readonly actors: Pick<Actors, 'ask'>;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly chance: Pick<Chance, 'newId'>;
  readonly log: Logger;
  readonly exists: (workspace: string) => boolean;
}

export interface RefusedDelivery
  extends Pick<RefusedDeliveries, 'trigger' | 'status' | 'reason' | 'remote'> {
  readonly workspace: string;
  readonly path: string;
  readonly skewSeconds?: number | undefined;
  /** Of the request. */
  readonly correlationId: string;
}

const actor = 'system:ingress';
const minuteMs = 60_000;

const asFact = (
  { path, trigger, status, reason, skewSeconds, remote }: RefusedDelivery,
  at: string,
): RefusedDeliveries => ({
  path: refusedPath(path),
  ...{ trigger, status, reason },
  skewSeconds: skewSeconds ?? null,
  ...{ count: 1, first: at, last: at, remote },
});

/**
 * What became of deliveries that were not taken: of each path and reason the first ones in a minute
 * are recorded one by one, the others as one number when the minute is over, all within
 * `refusalBounds`. Nobody waits for a record. A stop records what was counted, a crash loses it: one
 * minute at most. What the store did not take is counted again, so that an outage is told behind it.
 */
export const createRefusedDeliveries = (deps: RefusedDeliveriesDeps) => {
  const { actors, clock, chance, log, exists } = deps;
  let tally = createRefusalTally();
  let endMinute: (() => void) | undefined;
  let closed = false;

  const record = (
    workspace: string,
    refusals: readonly RefusedDeliveries[],
    $correlationId: string,
  ): void => {
    const occurredAt = isoOf(clock.now());
    actors
      .ask(
        refusalAddress(chance.newId()),
        { type: 'NoteRefusedDeliveries', refusals },
        { workspace, actor, occurredAt, $correlationId },
      )
      .catch((err) => {
        log.warn({ workspace, err }, 'refused deliveries not noted');
        if (closed || err instanceof OutcomeUnknown) return;
        beginMinute();
        for (const refused of refusals) tally.add(workspace, refused);
      });
  };

  const recordCounted = (): void => {
    const { passedOver } = tally;
    const counted = tally.counted();
    tally = createRefusalTally();
    endMinute = undefined;
    for (const [workspace, refusals] of counted) record(workspace, refusals, chance.newId());
    if (passedOver > 0) log.warn({ count: passedOver }, 'refused deliveries beyond all bounds');
  };

  const beginMinute = (): void => {
    endMinute ??= clock.after(minuteMs, recordCounted);
  };

  return {
    note(delivery: RefusedDelivery): void {
      const { workspace, trigger, correlationId } = delivery;
      // A workspace that nobody is in must not come into being by refusals.
      if (closed || (trigger === null && !exists(workspace))) return;
      beginMinute();
      const refused = asFact(delivery, isoOf(clock.now()));
      if (tally.standsAlone(workspace, refused)) record(workspace, [refused], correlationId);
      else tally.add(workspace, refused);
    },
    /** Records what was counted; what is refused from here on is not. */
    close(): void {
      closed = true;
      endMinute?.();
      recordCounted();
    },
  };
};

export type RefusedDeliveriesDesk = ReturnType<typeof createRefusedDeliveries>;
