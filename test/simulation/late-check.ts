import { type FactType, isKnown, type Recorded } from '../../src/domain/events.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import type { Moment } from '../../src/operations/time-travel.ts';
import type { World } from './world.ts';

interface Late {
  readonly registered: Recorded<'TriggerRegistered'>;
  readonly replayId: string;
  readonly after: string;
  isOver: boolean;
  /** Of the last of what it was given of the past. */
  givenUpTo: string;
  /** The same of what was begun, by ordering key: others wait for nobody. */
  readonly begunUpTo: Map<string | null, string>;
  /** Live ones that were queued while it was not over. */
  readonly held: Set<string>;
}

/**
 * Triggers that start from the past: where the past begins is what was asked for, it is given in order and
 * begun in order, and nothing that came since is begun before.
 */
export const createLateCheck = ({ breaks, counters }: Pick<World, 'breaks' | 'counters'>) => {
  const arrivals = new Map<string, Recorded<'EventArrived'>>();
  /** Drafts may be asked for more than once, and then not the same. */
  const asked = new Map<string, readonly Moment[]>();
  const late = new Map<string, Late>();
  const queued = new Map<string, Recorded<'InvocationQueued'>>();
  const restartsSoFar = (): number => counters.all.get('process started again') ?? 0;
  let restarts = 0;

  const demand = (holds: boolean, sentence: string): void => {
    if (!holds) breaks(sentence);
  };

  const isSince = (from: Moment, arrival: Recorded<'EventArrived'>): boolean =>
    'position' in from
      ? arrival.position >= from.position
      : arrival.metadata.occurredAt >= from.time;

  /** The first that is of then or later is behind it, and all before that are not. */
  const beginsWhereAsked = ({ registered, after }: Late): void => {
    const { triggerId } = registered.data;
    const [from, other] = asked.get(triggerId) ?? [];
    if (from === undefined || other !== undefined) return;
    const { workspace } = registered.metadata;
    const mine = [...arrivals.values()].filter((each) => each.metadata.workspace === workspace);
    const first = mine.find((arrival) => isSince(from, arrival));
    demand(
      first === undefined || first.position > after,
      `${triggerId} leaves out ${first?.data.arrivalId}, which it was to start from`,
    );
    const between = mine.find(
      ({ position }) => position > after && position < (first?.position ?? ''),
    );
    demand(between === undefined, `${triggerId} starts from ${between?.data.arrivalId} already`);
  };

  const register = (registered: Recorded<'TriggerRegistered'>): void => {
    const { startFrom, triggerId } = registered.data;
    if (startFrom === undefined) return;
    counters.count('trigger created late');
    restarts = restartsSoFar();
    const one: Late = {
      ...{ registered, ...startFrom, isOver: false, held: new Set() },
      ...{ givenUpTo: '', begunUpTo: new Map() },
    };
    late.set(triggerId, one);
    beginsWhereAsked(one);
  };

  const given = (one: Late, { data }: Recorded<'InvocationQueued'>): void => {
    const { arrivalId, invocationId } = data;
    const at = arrivals.get(arrivalId)?.position ?? '';
    const isPast = at > one.after && at < one.registered.position;
    demand(isPast, `${invocationId} is no past of its trigger`);
    demand(at > one.givenUpTo, `${invocationId} is given after what came later`);
    one.givenUpTo = at;
    counters.count('past given to a late trigger');
    if (restarts === restartsSoFar()) return;
    restarts = restartsSoFar();
    counters.count('catch-up continued after a crash');
  };

  const queue = (fact: Recorded<'InvocationQueued'>): void => {
    const { invocationId, triggerId, arrivalId, replay, retryOf } = fact.data;
    queued.set(invocationId, fact);
    const one = late.get(triggerId);
    if (one === undefined) return;
    if (replay?.id === one.replayId) given(one, fact);
    else if (replay === undefined && retryOf === null) {
      const at = arrivals.get(arrivalId)?.position ?? '';
      demand(at > one.registered.position, `${invocationId} is live, and came before its trigger`);
      if (one.isOver) return;
      one.held.add(invocationId);
      counters.count('live held behind a catch-up');
    }
  };

  const start = ({ data }: Recorded<'InvocationStarted'>): void => {
    const { invocationId, triggerId, attempt } = data;
    const one = late.get(triggerId);
    if (one === undefined) return;
    const fact = queued.get(invocationId);
    if (fact?.data.replay === undefined)
      demand(one.isOver, `${invocationId} starts before its trigger has caught up`);
    else if (fact.data.replay.id === one.replayId && attempt === 1) {
      const at = arrivals.get(fact.data.arrivalId)?.position ?? '';
      const { orderingKey } = fact.data;
      const isInOrder = at > (one.begunUpTo.get(orderingKey) ?? '') || restartsSoFar() > 0;
      demand(isInOrder, `${invocationId} starts after what came later`);
      one.begunUpTo.set(orderingKey, at);
    }
    if (one.held.delete(invocationId)) counters.count('live let go after a catch-up');
  };

  const end = (replayId: string): void => {
    for (const one of late.values()) if (one.replayId === replayId) one.isOver = true;
  };

  const takes: { readonly [Type in FactType]?: (fact: Recorded<Type>) => void } = {
    EventArrived: (fact) => void arrivals.set(fact.data.arrivalId, fact),
    TriggerRegistered: register,
    InvocationQueued: queue,
    InvocationStarted: start,
    ReplayCompleted: ({ data }) => end(data.replayId),
    ReplayCancelled: ({ data }) => end(data.replayId),
    ReplayFailed: ({ data }) => end(data.replayId),
  };

  return {
    /** Somebody is about to ask for it. */
    asked(triggerId: string, from: Moment): void {
      asked.set(triggerId, [...(asked.get(triggerId) ?? []), from]);
    },
    take(fact: StoredEvent): void {
      if (isKnown(fact)) (takes[fact.type] as ((fact: Recorded) => void) | undefined)?.(fact);
    },
    atRest(): void {
      for (const [triggerId, { isOver }] of late) demand(isOver, `${triggerId} has not caught up`);
    },
  };
};
