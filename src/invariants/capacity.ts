import type { Recorded } from '../domain/events.ts';
import { Bound } from './bound.ts';
import type { DefineInvariant, Demand } from './invariant.ts';
import type { Trigger } from './register.ts';

interface Room {
  readonly queueCapacity?: number;
  readonly overflow?: 'keep' | 'drop';
  readonly concurrency?: number;
}

/** As its kind's schema has let it into the log. */
const roomOf = (trigger: Trigger | undefined): Room => (trigger?.metadata ?? {}) as Room;

const unlimited = Number.POSITIVE_INFINITY;
const dropped = 'dropped: queue full';

/** Senders are turned away, so what was let in had room. */
const refuses = ({ queueCapacity, overflow }: Room): boolean =>
  queueCapacity !== undefined && overflow === undefined;

/** What was let in beside those whose start is under way. */
const capacityOf = (room: Room): number => {
  const { queueCapacity = unlimited, concurrency = unlimited } = room;
  if (refuses(room)) return queueCapacity;
  return room.overflow === 'drop' ? queueCapacity + concurrency : unlimited;
};

/**
 * Events that wait for their first start are never more than their trigger has room for, where it
 * turns away or drops what is beyond; and nothing is dropped where nobody asked for it.
 */
export const capacity: DefineInvariant = ({ register, invocations, owedFor, owners }) => {
  if (owners === 'several') return {};
  const rooms = new Map<string, Bound>();
  const dropping = new Set<string>();
  /** By arrival and trigger; the value is the room taken. */
  const waiting = new Map<string, Bound>();
  /** One too many, unless the very next fact ends it. */
  let surplus: { readonly invocationId: string; readonly otherwise: string } | undefined;

  const changed = ({ data: { triggerId } }: { data: { triggerId: string } }): void => {
    const room = roomOf(register.triggers.get(triggerId));
    if (room.overflow === 'drop') dropping.add(triggerId);
    const bound = rooms.get(triggerId);
    if (bound === undefined) rooms.set(triggerId, new Bound(capacityOf(room)));
    else bound.limit = capacityOf(room);
  };

  const enter = (arrivalId: string, triggerId: string): string | undefined => {
    const bound = rooms.get(triggerId);
    const place = `${arrivalId} ${triggerId}`;
    if (bound === undefined || bound.limit === unlimited || waiting.has(place)) return undefined;
    waiting.set(place, bound);
    if (bound.add()) return undefined;
    return `${triggerId} has ${bound.count} events waiting and room for ${bound.limit}`;
  };

  const leave = (arrivalId: string, triggerId: string): void => {
    const place = `${arrivalId} ${triggerId}`;
    waiting.get(place)?.remove();
    waiting.delete(place);
  };

  const arrive = (fact: Recorded<'EventArrived'>, demand: Demand): void => {
    for (const { triggerId, withheld, isSure } of owedFor(fact)) {
      if (!isSure || withheld !== null || !refuses(roomOf(register.triggers.get(triggerId))))
        continue;
      const otherwise = enter(fact.data.arrivalId, triggerId);
      demand(otherwise === undefined, `arrival ${fact.data.arrivalId}: ${otherwise}`);
    }
  };

  const queue = ({ data }: Recorded<'InvocationQueued'>): void => {
    const { invocationId, arrivalId, triggerId, retryOf, replay } = data;
    const { overflow } = roomOf(register.triggers.get(triggerId));
    if (retryOf !== null || replay !== undefined || overflow !== 'drop') return;
    const otherwise = enter(arrivalId, triggerId);
    if (otherwise !== undefined) surplus = { invocationId, otherwise };
  };

  const letGo = ({ data }: { readonly data: { readonly invocationId: string } }): void => {
    const queued = invocations.open.get(data.invocationId)?.queued;
    if (queued?.retryOf === null && queued.replay === undefined)
      leave(queued.arrivalId, queued.triggerId);
  };

  const cancelled = (fact: Recorded<'InvocationCancelled'>, demand: Demand): void => {
    const { invocationId, triggerId, attempt, reason } = fact.data;
    letGo(fact);
    if (reason !== dropped) return;
    const isAsked = dropping.has(triggerId) && attempt === 0;
    demand(isAsked, `${invocationId} was dropped, which ${triggerId} does not want`);
  };

  const judgeSurplus = (demand: Demand): void => {
    const { invocationId, otherwise } = surplus ?? {};
    demand(surplus === undefined, `${invocationId} was not dropped: ${otherwise}`);
  };

  return {
    every({ type, data }, demand) {
      const isItsEnd =
        type === 'InvocationCancelled' &&
        (data as { readonly invocationId?: unknown }).invocationId === surplus?.invocationId;
      if (!isItsEnd) judgeSurplus(demand);
      surplus = undefined;
    },
    on: {
      TriggerRegistered: changed,
      TriggerRevised: changed,
      EventArrived: arrive,
      InvocationQueued: queue,
      InvocationStarted: letGo,
      InvocationDeadLettered: letGo,
      InvocationCancelled: cancelled,
    },
    atRest: judgeSurplus,
  };
};
