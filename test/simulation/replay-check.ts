import type { TriggerEntry } from '../../projections/registry.ts';
import { type FactType, isKnown, type Recorded } from '../../src/domain/events.ts';
import { replayedIdOf } from '../../src/domain/ids.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import type { HotViews } from '../../src/views/hot-views.ts';
import { concerns } from './routing-check.ts';
import type { World } from './world.ts';

type Order = Recorded<'ReplayRequested'>['data']['order'];
type Among = Extract<Order['among'], { arrivals: unknown }>['arrivals'];

interface Invocation {
  readonly queued: Recorded<'InvocationQueued'>;
  readonly part: string;
  endedAt: string | undefined;
  outcome: 'open' | 'succeeded' | 'dead' | 'cancelled';
}

interface Replay {
  readonly replayId: string;
  readonly workspace: string;
  readonly order: Order;
  readonly requestedAt: string;
  /** How often processes had been started again when it was counted. */
  restarts: number;
  countedAt: string | undefined;
  upTo: string;
  /** Where what was looked at last became known. */
  lookedAt: string;
  end: 'completed' | 'cancelled' | 'failed' | undefined;
  /** Parts that it has queued, by arrival and trigger. */
  readonly delivered: Set<string>;
  readonly listed: Set<string>;
  readonly skipped: Map<string, number>;
}

const partOf = (arrivalId: string, triggerId: string | null): string => `${arrivalId}/${triggerId}`;

const sum = (counts: Iterable<number>): number => [...counts].reduce((all, one) => all + one, 0);

/**
 * What replays do, against what was ordered: each part of an arrival in the range is delivered again at
 * most once per replay, is told of exactly once where the replay completes, and nothing else is done.
 */
export const createReplayCheck = (
  views: HotViews,
  { breaks, counters, disk }: Pick<World, 'breaks' | 'counters' | 'disk'>,
) => {
  const arrivals = new Map<string, Recorded<'EventArrived'>>();
  const withheld = new Map<string, readonly string[]>();
  const invocations = new Map<string, Invocation>();
  const byPart = new Map<string, Invocation[]>();
  const byArrival = new Map<string, Invocation[]>();
  const replays = new Map<string, Replay>();
  /** Triggers that were taken back, and where. */
  const retired = new Map<string, string>();
  /** Of each trigger, as it became. */
  const became = new Map<
    string,
    { readonly from: string; readonly entry: TriggerEntry | undefined }[]
  >();
  /** Said to be; what was asked for may be on record only later. */
  const underWay: { readonly part: string; readonly replayId: string; readonly since: string }[] =
    [];
  /** Must not be started in any other record than the one that queued them. */
  const late = new Map<string, number>();

  const demand = (holds: boolean | undefined, sentence: string): void => {
    if (!holds) breaks(sentence);
  };
  const restartsSoFar = (): number => counters.all.get('process started again') ?? 0;
  const invoked = (part: string): readonly Invocation[] => byPart.get(part) ?? [];
  const originals = (arrivalId: string): readonly Invocation[] =>
    (byArrival.get(arrivalId) ?? []).filter(
      ({ queued: { data } }) => data.retryOf === null && data.replay === undefined,
    );

  const isSought = ({ data }: Recorded<'EventArrived'>, among: Among): boolean => {
    const { ids = [data.arrivalId], source, deliveryId = data.deliveryId } = among;
    return (
      ids.includes(data.arrivalId) &&
      deliveryId === data.deliveryId &&
      (source?.kind ?? data.source.kind) === data.source.kind &&
      (source?.key ?? data.source.key) === data.source.key
    );
  };

  const isInRange = (
    arrival: Recorded<'EventArrived'>,
    { order: { among, after, upTo }, workspace }: Replay,
  ): boolean => {
    if (arrival.metadata.workspace !== workspace) return false;
    if ('deadLetters' in among) return true;
    const { position } = arrival;
    return position > after && position <= upTo && isSought(arrival, among.arrivals);
  };

  const isWanted = (
    { order: { only } }: Replay,
    triggerId: string,
    functionId: string,
  ): boolean => {
    if ('triggers' in only) return only.triggers.includes(triggerId);
    return 'matched' in only || only.function === functionId;
  };

  const requested = ({ data, metadata, position }: Recorded<'ReplayRequested'>): void => {
    const { replayId, order } = data;
    const isLate = order.mode === 'catch-up';
    if (!isLate)
      counters.count('deadLetters' in order.among ? 'redrive ordered' : 'replay ordered');
    if (replays.has(replayId)) breaks(`the replay ${replayId} was requested twice`);
    if (order.upTo >= position) breaks(`the replay ${replayId} reaches past its own request`);
    replays.set(replayId, {
      ...{ replayId, order, workspace: metadata.workspace, requestedAt: position },
      ...{ restarts: restartsSoFar(), countedAt: undefined, upTo: order.after },
      ...{ lookedAt: position, end: undefined },
      ...{ delivered: new Set(), listed: new Set(), skipped: new Map() },
    });
  };

  /** Where all arrivals are asked for, each of them is counted. */
  const counted = (replay: Replay, { data, position }: Recorded<'ReplayCounted'>): void => {
    const { replayId, order } = replay;
    replay.countedAt = position;
    replay.lookedAt = position;
    replay.restarts = restartsSoFar();
    if (!('arrivals' in order.among) || order.among.arrivals.outcomes !== undefined) return;
    if (order.mode === 'catch-up') return;
    const count = [...arrivals.values()].filter((arrival) => isInRange(arrival, replay)).length;
    if (count !== data.arrivals)
      breaks(`the replay ${replayId} counts ${data.arrivals} arrivals, and there are ${count}`);
    const parts = data.planned + sum(Object.values(data.skipped));
    if (parts < count) breaks(`the replay ${replayId} counts ${parts} parts of ${count} arrivals`);
  };

  const goesOn = (replay: Replay): void => {
    if (replay.restarts === restartsSoFar()) return;
    replay.restarts = restartsSoFar();
    counters.count('replay continued after a crash');
  };

  /** An invocation that the event itself leads to comes before all that makes up for it. */
  const wasFirst = ({ data }: Recorded<'InvocationQueued'>): void => {
    if (data.retryOf !== null) return;
    const isEarly = ({ queued }: Invocation): boolean =>
      !['force', undefined].includes(replays.get(queued.data.replay?.id ?? '')?.order.mode);
    const early = invoked(partOf(data.arrivalId, data.triggerId)).find(isEarly);
    demand(
      early === undefined,
      `${early?.queued.data.invocationId} makes up for ${data.invocationId} before it was queued`,
    );
  };

  /** What is repeated by hand was under way as nothing else when that was queued. */
  const isAlone = (invocationId: string): void => {
    const { queued, part } = invocations.get(invocationId) ?? {};
    if (queued === undefined || queued.data.retryOf === null || part === undefined) return;
    const other = invoked(part).find(
      (one) => one.queued.position < queued.position && one.outcome === 'open',
    );
    const name = other?.queued.data.invocationId;
    demand(other === undefined, `${invocationId} repeats ${part}, which is under way as ${name}`);
  };

  const isOfThatTime = ({ data }: Recorded<'InvocationQueued'>): boolean => {
    const { arrivalId, triggerId, functionId, triggerVersion } = data;
    const was = originals(arrivalId).find(({ queued }) => queued.data.triggerId === triggerId);
    if (was === undefined) return withheld.get(arrivalId)?.includes(triggerId) === true;
    const { data: then } = was.queued;
    return then.functionId === functionId && then.triggerVersion === triggerVersion;
  };

  const makesUpFor = (name: string, { among }: Order, fact: Recorded<'InvocationQueued'>): void => {
    const { arrivalId, triggerId, replay } = fact.data;
    const repeats = replay?.repeats ?? null;
    if (repeats === null) {
      demand('arrivals' in among, `${name} makes up for nothing that has died`);
      return;
    }
    const dead = invocations.get(repeats);
    const isSame = dead?.part === partOf(arrivalId, triggerId);
    demand(isSame && dead.outcome === 'dead', `${name} makes up for ${repeats}, which is another`);
  };

  const isMissing = (name: string, part: string): void => {
    const before = invoked(part);
    const hasSucceeded = before.some(({ outcome }) => outcome === 'succeeded');
    demand(!hasSucceeded, `${name} delivers ${part}, which had succeeded`);
    const open = before.find(({ outcome }) => outcome === 'open')?.queued.data.invocationId;
    demand(open === undefined, `${name} delivers ${part}, which is under way as ${open}`);
  };

  const isOrdered = (
    name: string,
    replay: Replay,
    { data }: Recorded<'InvocationQueued'>,
  ): void => {
    const { order, upTo, delivered, listed } = replay;
    const { arrivalId, triggerId, functionId } = data;
    const part = partOf(arrivalId, triggerId);
    const arrival = arrivals.get(arrivalId);
    const isNew = 'deadLetters' in order.among || (arrival?.position ?? '') > upTo;
    demand(!delivered.has(part), `${name} delivers ${part} a second time`);
    demand(!listed.has(part), `${name} delivers ${part}, which is said to be skipped`);
    demand(arrival && isInRange(arrival, replay), `${name} delivers what is not in its range`);
    demand(isNew, `${name} delivers what had been dealt with`);
    demand(isWanted(replay, triggerId, functionId), `${name} goes to whom nobody asked for`);
    demand(replay.countedAt !== undefined, `${name} was queued before it was counted`);
    demand(replay.end !== 'completed', `${name} was queued after its completion`);
  };

  const wasDelivered = (id: string, fact: Recorded<'InvocationQueued'>): void => {
    const { invocationId, arrivalId, triggerId, retryOf } = fact.data;
    const replay = replays.get(id);
    const name = `${invocationId} of the replay ${id}`;
    const isNamedSo = invocationId === replayedIdOf(id, arrivalId, triggerId);
    demand(isNamedSo, `${name} has another id than its parts make`);
    demand(retryOf === null, `${name} is a retry`);
    demand(replay !== undefined, `${name} is of a replay that nobody ordered`);
    if (replay === undefined) return;
    goesOn(replay);
    isOrdered(name, replay, fact);
    const part = partOf(arrivalId, triggerId);
    replay.delivered.add(part);
    counters.count('delivered again');
    if (replay.end !== undefined) late.set(invocationId, fact.revision);
    makesUpFor(name, replay.order, fact);
    if (replay.order.versions === 'as-then') demand(isOfThatTime(fact), `${name} is not as then`);
    if (replay.order.mode !== 'force') isMissing(name, part);
  };

  const keep = (queued: Recorded<'InvocationQueued'>): void => {
    const { invocationId, arrivalId, triggerId } = queued.data;
    if (invocations.has(invocationId)) return;
    const part = partOf(arrivalId, triggerId);
    const invocation: Invocation = { queued, part, endedAt: undefined, outcome: 'open' };
    invocations.set(invocationId, invocation);
    byPart.set(part, [...invoked(part), invocation]);
    byArrival.set(arrivalId, [...(byArrival.get(arrivalId) ?? []), invocation]);
  };

  const ended = (invocationId: string, outcome: Invocation['outcome'], position: string): void => {
    const invocation = invocations.get(invocationId);
    if (invocation === undefined || invocation.outcome !== 'open') return;
    invocation.outcome = outcome;
    invocation.endedAt = position;
  };

  /** Whether it was so at some time since then. */
  const was = (
    triggerId: string,
    since: string,
    holds: (entry: TriggerEntry | undefined) => boolean,
  ) => {
    const all = became.get(triggerId) ?? [];
    return all.some(({ entry }, at) => {
      const until = all[at + 1]?.from;
      return (until === undefined || until > since) && holds(entry);
    });
  };

  const isTrueOf = (
    reason: string,
    { arrivalId, triggerId }: { readonly arrivalId: string; readonly triggerId: string | null },
    { order, lookedAt }: Replay,
  ): boolean => {
    if (triggerId === null) return reason === 'not-matched';
    const before = invoked(partOf(arrivalId, triggerId));
    switch (reason) {
      case 'under-way':
        return order.mode !== 'force';
      case 'trigger-deleted':
        return retired.has(triggerId);
      case 'trigger-paused':
        return was(triggerId, lookedAt, (entry) => entry?.status === 'paused');
      case 'trigger-suspended':
        return was(triggerId, lookedAt, (entry) => entry?.status === 'suspended');
      case 'not-matched':
        return order.versions === 'as-now' || before.length === 0;
      default:
        return true;
    }
  };

  const isTold = (replay: Replay, one: Recorded<'ReplayAdvanced'>['data']['listed'][number]) => {
    const { replayId, order, listed, delivered, lookedAt } = replay;
    const part = partOf(one.arrivalId, one.triggerId);
    const isNew = 'deadLetters' in order.among || !(listed.has(part) || delivered.has(part));
    demand(isNew, `the replay ${replayId} tells twice of ${part}`);
    const isSo = isTrueOf(one.reason, one, replay);
    demand(isSo, `the replay ${replayId} skips ${part} as ${one.reason}, which is not so`);
    listed.add(part);
    if (one.reason === 'under-way') underWay.push({ part, replayId, since: lookedAt });
  };

  const advanced = (replay: Replay, { data, position }: Recorded<'ReplayAdvanced'>): void => {
    goesOn(replay);
    const { replayId, upTo, order, skipped } = replay;
    const isOnward = data.upTo > upTo && data.upTo <= order.upTo;
    demand(isOnward, `the replay ${replayId} goes from ${upTo} to ${data.upTo} of ${order.upTo}`);
    demand(replay.end === undefined, `the replay ${replayId} goes on after its end`);
    for (const [reason, count] of Object.entries(data.skipped)) {
      counters.count(`skipped as ${reason}`, count);
      skipped.set(reason, (skipped.get(reason) ?? 0) + count);
      const listed = data.listed.filter((one) => one.reason === reason).length;
      const isListed = listed === (reason === 'succeeded' ? 0 : count);
      demand(isListed, `the replay ${replayId} skips ${count} as ${reason}, and lists ${listed}`);
    }
    for (const one of data.listed) isTold(replay, one);
    replay.upTo = data.upTo;
    replay.lookedAt = position;
  };

  const hadSucceeded = (part: string): boolean =>
    invoked(part).some(({ outcome }) => outcome === 'succeeded');

  /** Parts that must have been dealt with, whatever happened meanwhile. */
  const owedBy = (
    replay: Replay,
    { data, position }: Recorded<'EventArrived'>,
  ): readonly string[] => {
    const { order, requestedAt, workspace } = replay;
    if (order.versions === 'as-then')
      return originals(data.arrivalId)
        .filter(({ queued }) => queued.position < requestedAt)
        .filter(({ queued }) => isWanted(replay, queued.data.triggerId, queued.data.functionId))
        .map(({ queued }) => queued.data.triggerId);
    if (position > requestedAt) return [];
    return [...became].flatMap(([triggerId, all]) => {
      const since = all.filter((_, at) => (all[at + 1]?.from ?? '~') > requestedAt);
      const matches = since.every(
        ({ entry, from }) =>
          entry !== undefined &&
          (from < requestedAt || since.length > 1) &&
          entry.workspace === workspace &&
          concerns(entry, data.source, disk.textOf(data.body)) &&
          isWanted(replay, triggerId, entry.functionId),
      );
      return matches && since.length > 0 ? [triggerId] : [];
    });
  };

  /** Of each arrival in the range, what was owed was delivered, or it is told why not. */
  const owesNothing = (replay: Replay): void => {
    const { replayId, order, delivered, listed, skipped } = replay;
    const inRange = [...arrivals.values()].filter((arrival) => isInRange(arrival, replay));
    const untold = inRange
      .flatMap((arrival) =>
        owedBy(replay, arrival).map((triggerId) => partOf(arrival.data.arrivalId, triggerId)),
      )
      .filter((part) => !delivered.has(part) && !listed.has(part));
    for (const part of untold) {
      const mayBe = order.mode !== 'force' && hadSucceeded(part);
      demand(mayBe, `the replay ${replayId} completes and has not told of ${part}`);
    }
    const count = skipped.get('succeeded') ?? 0;
    const isAll = untold.length <= count;
    demand(isAll, `the replay ${replayId} counts ${count} that succeeded of ${untold.length}`);
  };

  const completed = (replay: Replay): void => {
    const { replayId, order, upTo } = replay;
    const isThrough = upTo === order.upTo;
    demand(isThrough, `the replay ${replayId} completes at ${upTo} of ${order.upTo}`);
    for (const { outcome, queued } of invocations.values())
      if (queued.data.replay?.id === replayId)
        demand(outcome !== 'open', `${replayId} completes before ${queued.data.invocationId}`);
    if ('arrivals' in order.among && order.among.arrivals.outcomes === undefined)
      owesNothing(replay);
  };

  const ends = (replay: Replay, end: NonNullable<Replay['end']>): void => {
    if (replay.end !== undefined) breaks(`the replay ${replay.replayId} ends twice`);
    counters.count(`replay ${end}`);
    if (end === 'failed') breaks(`the replay ${replay.replayId} failed`);
    replay.end = end;
  };

  type Takes = { readonly [Type in FactType]?: (fact: Recorded<Type>) => void };

  const onReplay =
    <Fact extends Recorded>(task: (replay: Replay, fact: Fact) => void) =>
    (fact: Fact): void => {
      const id = 'replayId' in fact.data ? fact.data.replayId : '';
      const replay = replays.get(id);
      if (replay === undefined) breaks(`${fact.type} of the replay ${id}, which nobody ordered`);
      else task(replay, fact);
    };

  const takes: Takes = {
    EventArrived: (fact) => void arrivals.set(fact.data.arrivalId, fact),
    EventWithheld: ({ data: { arrivalId, triggers } }) =>
      void withheld.set(
        arrivalId,
        triggers.map(({ triggerId }) => triggerId),
      ),
    InvocationQueued(fact) {
      if (fact.data.replay === undefined) wasFirst(fact);
      else wasDelivered(fact.data.replay.id, fact);
      keep(fact);
    },
    InvocationStarted({ data: { invocationId }, revision }) {
      const isInTime = (late.get(invocationId) ?? revision) === revision;
      demand(isInTime, `${invocationId} starts, queued behind its replay's end`);
      late.delete(invocationId);
      isAlone(invocationId);
    },
    InvocationSucceeded: ({ data, position }) => ended(data.invocationId, 'succeeded', position),
    InvocationDeadLettered: ({ data, position }) => ended(data.invocationId, 'dead', position),
    InvocationCancelled: ({ data, position }) => ended(data.invocationId, 'cancelled', position),
    ReplayRequested: requested,
    ReplayCounted: onReplay(counted),
    ReplayAdvanced: onReplay(advanced),
    ReplayPaused: () => counters.count('replay paused'),
    ReplayResumed: () => counters.count('replay resumed'),
    ReplayCompleted: onReplay((replay) => {
      completed(replay);
      ends(replay, 'completed');
    }),
    ReplayCancelled: onReplay((replay) => ends(replay, 'cancelled')),
    ReplayFailed: onReplay((replay) => ends(replay, 'failed')),
  };

  const ofTrigger = ({ type, data, position }: Recorded): void => {
    if (!type.startsWith('Trigger') || !('triggerId' in data)) return;
    const { triggerId } = data;
    const entry = views.registry.get(`trigger/${triggerId}`);
    const now = entry?.entity === 'trigger' ? entry : undefined;
    became.set(triggerId, [...(became.get(triggerId) ?? []), { from: position, entry: now }]);
    if (type === 'TriggerRetired') retired.set(triggerId, position);
  };

  return {
    /** With the views as of the fact. */
    take(fact: StoredEvent): void {
      if (!isKnown(fact)) return;
      ofTrigger(fact);
      (takes[fact.type] as ((fact: Recorded) => void) | undefined)?.(fact);
    },
    atRest(): void {
      for (const { part, replayId, since } of underWay)
        if (!invoked(part).some(({ endedAt }) => endedAt === undefined || endedAt > since))
          breaks(`the replay ${replayId} skips ${part} as under way, and it was not`);
      for (const { replayId, end } of replays.values())
        if (end === undefined) breaks(`the replay ${replayId} has not ended`);
    },
  };
};
