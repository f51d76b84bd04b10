import type { OpenReplay } from '../../../projections/open-replays.ts';
import type { Clock } from '../../domain/clock.ts';
import { TriplineError } from '../../domain/errors.ts';
import type { QueueInvocation } from '../../domain/invocation/commands.ts';
import type { Position } from '../../domain/position.ts';
import type { Dispatcher } from '../dispatcher.ts';
import type { LaneAnswer } from '../lane.ts';
import type { Deliveries } from './deliveries.ts';
import { type Duty, dutiesOf } from './duties.ts';
import { type OpenParts, partKey } from './open-parts.ts';
import { createPace } from './pace.ts';
import { createPageFinder, type Found, type PageFinderDeps } from './page-finder.ts';
import type { Scan } from './scan.ts';
import type { Signal } from './signal.ts';
import { createTally, type Tally } from './tally.ts';
import type { Watch } from './watch.ts';

export interface ReplayPageDeps extends Pick<PageFinderDeps, 'upToDate'> {
  /** What it has queued behind where it is. */
  readonly queued: () => readonly string[];
  readonly isRunning: () => boolean;
  readonly isStopping: () => boolean;
  readonly deliveries: Deliveries;
  readonly openParts: OpenParts;
  readonly dispatcher: Pick<Dispatcher, 'queue'>;
  /** Resolves when what is recorded up to there is known here. */
  readonly reached: (position: Position) => Promise<void>;
  readonly signal: Signal;
  readonly clock: Clock;
  /** Arrivals looked at at once, at least; five times as many at most. */
  readonly pageSize: number;
}

export interface DealtPage extends Tally {
  readonly upTo: string;
}

const partOf = ({ arrival, delivery }: Duty): string =>
  partKey(arrival.arrivalId, delivery.triggerId);

/** Deals with the arrivals of one replay, a page at a time, at its own pace. */
export const createReplayPages = (deps: ReplayPageDeps, scan: Scan, replay: OpenReplay) => {
  const { isRunning, deliveries, openParts, dispatcher, signal, clock } = deps;
  const { replayId, workspace, order, requestedBy } = replay;
  const pace = createPace(order.perSecond, clock);
  // They last while the next ones are looked for.
  const limit = Math.min(5 * deps.pageSize, Math.max(deps.pageSize, 4 * order.concurrency));
  const finder = createPageFinder({ ...deps, scan, limit }, order.upTo);

  /** False where the replay does not run any more. */
  const slot = async (): Promise<boolean> => {
    while (isRunning()) {
      const isFree = openParts.countOf(replayId) < order.concurrency;
      const waitMs = pace.waitMs();
      if (isFree && waitMs === 0) return true;
      await signal.wait(isFree ? waitMs : undefined);
    }
    return false;
  };

  const ask = (command: QueueInvocation, { correlationId }: Duty['arrival']): Promise<unknown> => {
    const part = { ...command, replayId };
    openParts.begin(part);
    pace.went();
    const cause = { workspace, correlationId, causationId: requestedBy };
    return dispatcher.queue(command, cause).then((answer) => {
      if (answer === undefined) openParts.end(part);
      return answer;
    });
  };

  /** All that was asked for is known here when it resolves. */
  const settle = async (asked: readonly Promise<unknown>[]): Promise<void> => {
    const answers = (await Promise.all(asked)) as readonly (LaneAnswer | undefined)[];
    if (answers.includes(undefined)) {
      // The lane is lost, or stops: whoever has it next goes on.
      const code = deps.isStopping() ? 'shutting-down' : 'store-unavailable';
      throw new TriplineError(code, 'an invocation could not be recorded');
    }
    const last = answers.at(-1)?.position;
    if (last !== undefined) await deps.reached(last);
  };

  /** Undefined where it is passed over: somebody else has begun it. */
  const askOnce = (command: QueueInvocation, duty: Duty, watch: Watch, tally: Tally) => {
    const { arrival, delivery } = duty;
    const part = partOf(duty);
    if (order.mode !== 'force' && openParts.has(part)) {
      tally.skip(arrival.arrivalId, delivery.triggerId, 'under-way');
      return undefined;
    }
    // Where the next page has the same part, it is to be looked at anew.
    finder.touch(part, watch);
    return ask(command, arrival);
  };

  /** True where all of it was dealt with; false where it has to be looked at anew. */
  const deal = async ({ page, watch }: Found, tally: Tally): Promise<boolean> => {
    const duties = dutiesOf(replayId, page, deps.queued(), tally);
    // What is found early is old where it goes slowly.
    const aheadFrom = order.perSecond === null ? 0 : duties.length >> 1;
    const asked: (Promise<unknown> | undefined)[] = [];
    try {
      for (const [at, duty] of duties.entries()) {
        if (at === aheadFrom) finder.lookAhead(page.upTo);
        const command = await deliveries(replayId, duty.arrival, duty.delivery);
        if (!(await slot()) || watch.isTouched) return false;
        asked.push(askOnce(command, duty, watch, tally));
      }
      return true;
    } finally {
      await settle(asked.filter((each) => each !== undefined));
    }
  };

  return {
    touch: (part: string) => finder.touch(part),
    forgetAhead: finder.forgetAhead,
    /** The page behind a place; undefined where it has to be looked at anew. */
    async next(position: string): Promise<DealtPage | undefined> {
      const found = await finder.take(position);
      const tally = createTally();
      try {
        if (await deal(found, tally)) return { ...tally, upTo: found.page.upTo };
        finder.forgetAhead();
        return undefined;
      } finally {
        finder.done(found);
      }
    },
  };
};
