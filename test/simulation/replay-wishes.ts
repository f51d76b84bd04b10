import type { ArrivalDocument } from '../../projections/arrivals.ts';
import type { InvocationDocument } from '../../projections/invocations.ts';
import { asPosition } from '../../src/domain/position.ts';
import type { ReplayOrder, ReplayOutcome } from '../../src/domain/replay/order.ts';
import type { ReplayWish } from '../../src/operations/replays.ts';
import type { Moment } from '../../src/operations/time-travel.ts';
import type { Dice } from './dice.ts';
import type { FactBook } from './fact-book.ts';

const outcomes: readonly ReplayOutcome[] = [
  ...(['dead', 'cancelled', 'dropped', 'not-matched', 'withheld', 'succeeded'] as const),
];

type Arrivals = Extract<ReplayOrder['among'], { arrivals: unknown }>['arrivals'];

/** What people want delivered again. */
export const createWishes = (dice: Dice, book: FactBook) => {
  const arrivalIn = (workspace: string) => {
    const all = book.arrivalsOf(workspace);
    return all.length === 0 ? undefined : dice.pick(all);
  };

  const momentOf = ({ position, receivedAt }: ArrivalDocument): Moment =>
    dice.happens(0.5) ? { position: asPosition(position) } : { time: receivedAt };

  /** Some place or time at which something arrived. */
  const momentIn = (workspace: string): Moment | undefined => {
    const arrival = dice.happens(0.3) ? arrivalIn(workspace) : undefined;
    return arrival && momentOf(arrival);
  };

  const arrivals = (workspace: string): Arrivals => {
    const one = arrivalIn(workspace);
    const other = arrivalIn(workspace);
    if (one === undefined || other === undefined) return {};
    switch (dice.weighted({ all: 6, ids: 1, source: 1, outcomes: 1 })) {
      case 'all':
        return {};
      case 'ids':
        return { ids: [one.arrivalId, other.arrivalId] };
      case 'source':
        return { source: { kind: one.sourceKind, key: one.sourceKey } };
      case 'outcomes':
        return { outcomes: outcomes.filter(() => dice.happens(0.4)) };
    }
  };

  const only = (workspace: string): ReplayOrder['only'] => {
    const some: InvocationDocument | undefined = book.anInvocation(
      dice,
      workspace,
      dice.happens(0.5) ? 'ended' : 'open',
    );
    const whom = dice.weighted({ all: 4, triggers: 1, function: 1 });
    if (some === undefined || whom === 'all') return { matched: true };
    return whom === 'triggers' ? { triggers: [some.triggerId] } : { function: some.functionId };
  };

  const manner = () => ({
    versions: dice.pick(['as-then', 'as-now'] as const),
    mode: dice.pick(['only-missing', 'force'] as const),
    perSecond: dice.pick([null, null, 0.5, 5]),
    concurrency: dice.pick([1, 2, 8]),
  });

  return {
    /** Where something arrived, as long as anything has. */
    moment(workspace: string): Moment | undefined {
      const arrival = arrivalIn(workspace);
      return arrival && momentOf(arrival);
    },
    replay: (workspace: string): ReplayWish => ({
      from: momentIn(workspace),
      to: momentIn(workspace),
      among: { arrivals: arrivals(workspace) },
      only: only(workspace),
      ...manner(),
    }),
    redrive: (workspace: string): ReplayWish => {
      const triggerId = book.anInvocation(dice, workspace, 'ended')?.triggerId;
      const isOfOne = triggerId !== undefined && dice.happens(0.3);
      return {
        ...{ from: undefined, to: undefined },
        among: { deadLetters: isOfOne ? { triggerId } : {} },
        only: { matched: true },
        ...manner(),
      };
    },
  };
};
