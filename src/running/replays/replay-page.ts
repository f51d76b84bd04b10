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
import type { Scan } from './scan.ts';
import type { Signal } from './signal.ts';
import { createTally, type Tally } from './tally.ts';
import { createWatch } from './watch.ts';

export interface ReplayPageDeps {
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
}

export interface DealtPage extends Tally {
  readonly upTo: string;
}

/** Arrivals looked at at once: more than can be under way, so that there is always a next one. */
const pageFor = (concurrency: number): number => Math.min(200, Math.max(16, 2 * concurrency));

const partOf = ({ arrival, delivery }: Duty): string =>
  partKey(arrival.arrivalId, delivery.triggerId);

/** Deals with the arrivals of one replay, a page at a time, at its own pace. */
export const createReplayPages = (deps: ReplayPageDeps, scan: Scan, replay: OpenReplay) => {
  const { isRunning, deliveries, openParts, dispatcher, signal, clock } = deps;
  const { replayId, workspace, order, requestedBy } = replay;
  const pace = createPace(order.perSecond, clock);
  const watch = createWatch();

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

  /** True where all of it was dealt with; false where it has to be looked at anew. */
  const deal = async (duties: readonly Duty[], tally: Tally): Promise<boolean> => {
    const asked: Promise<unknown>[] = [];
    try {
      for (const duty of duties) {
        const { arrival, delivery } = duty;
        const command = await deliveries(replayId, arrival, delivery);
        if (!(await slot()) || watch.isTouched) return false;
        if (order.mode !== 'force' && openParts.has(partOf(duty)))
          tally.skip(arrival.arrivalId, delivery.triggerId, 'under-way');
        else asked.push(ask(command, arrival));
      }
      return true;
    } finally {
      await settle(asked);
    }
  };

  return {
    touch: watch.touch,
    /** The page behind a place; undefined where it has to be looked at anew. */
    async next(position: string): Promise<DealtPage | undefined> {
      const page = await scan(position, pageFor(order.concurrency));
      const tally = createTally();
      const duties = dutiesOf(replayId, page, deps.queued(), tally);
      watch.keepTo(duties.map(partOf));
      return (await deal(duties, tally)) ? { ...tally, upTo: page.upTo } : undefined;
    },
    /** To be told before the views are waited for: what is touched from here on counts. */
    look: watch.look,
  };
};
