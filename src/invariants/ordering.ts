import type { Recorded } from '../domain/events.ts';
import type { DefineInvariant, Demand } from './invariant.ts';
import { asksForOrder, createLine, type Line, type Member } from './line.ts';

type Outcome = Recorded<'InvocationSucceeded' | 'InvocationDeadLettered' | 'InvocationCancelled'>;

/**
 * Invocations of one trigger and one function with equal ordering keys: the first attempt of the next starts after
 * the outcome of the one before, in the order in which they were accepted.
 */
export const ordering: DefineInvariant = ({ register, owedFor, remembers }) => {
  const lines = new Map<string, Line>();
  const members = new Map<string, Member>();
  /** Where arrivals stand that may have a place in a line, and in how many; where repetitions were asked for. */
  const arrivedAt = new Map<string, { readonly position: string; readonly of: Set<string> }>();
  const askedAt = new Map<string, string>();

  const arrive = (fact: Recorded<'EventArrived'>): void => {
    const { position, data } = fact;
    const ordered = owedFor(fact).filter(
      ({ triggerId, withheld }) =>
        withheld !== 'filtered' && asksForOrder(register.triggers.get(triggerId)),
    );
    const of = new Set(ordered.map(({ triggerId }) => triggerId));
    if (of.size > 0) arrivedAt.set(data.arrivalId, { position, of });
  };

  /** Between these places it was accepted. */
  const acceptedAt = ({ data, position }: Recorded<'InvocationQueued'>) => {
    const { invocationId, triggerId, arrivalId, retryOf, replay } = data;
    // It joins the line while it is on its way into the log.
    if (replay !== undefined) return { earliest: '', latest: position };
    if (retryOf !== null) {
      const earliest = askedAt.get(invocationId) ?? '';
      askedAt.delete(invocationId);
      return { earliest, latest: position };
    }
    const arrival = arrivedAt.get(arrivalId);
    arrival?.of.delete(triggerId);
    if (arrival?.of.size === 0) arrivedAt.delete(arrivalId);
    const at = arrival?.position ?? position;
    return { earliest: at, latest: at };
  };

  const queue = (fact: Recorded<'InvocationQueued'>, demand: Demand): void => {
    const { invocationId, triggerId, functionId, orderingKey } = fact.data;
    const accepted = acceptedAt(fact);
    if (orderingKey === null || members.has(invocationId)) return;
    const name = JSON.stringify([triggerId, functionId, orderingKey]);
    const line = lines.get(name) ?? createLine(name);
    lines.set(name, line);
    const member = { invocationId, line, ...accepted, ended: false };
    demand(!line.isPast(member), `${invocationId} of ${name} was overtaken before it was queued`);
    line.join(member);
    members.set(invocationId, member);
  };

  const start = ({ data }: Recorded<'InvocationStarted'>, demand: Demand): void => {
    const member = members.get(data.invocationId);
    if (member === undefined || data.attempt > 1) return;
    const before = member.line.begin(member)?.invocationId;
    const otherwise = `${before} of ${member.line.name} has no outcome yet`;
    demand(before === undefined, `${data.invocationId} started before its turn: ${otherwise}`);
  };

  const end = ({ data: { invocationId } }: Outcome): void => {
    const member = members.get(invocationId);
    if (member === undefined) return;
    members.delete(invocationId);
    const isEmpty = member.line.leave(member);
    if (isEmpty && remembers === 'open') lines.delete(member.line.name);
  };

  return {
    on: {
      EventArrived: arrive,
      InvocationRetried: ({ data, position }) => void askedAt.set(data.retriedAs, position),
      InvocationQueued: queue,
      InvocationStarted: start,
      InvocationSucceeded: end,
      InvocationDeadLettered: end,
      InvocationCancelled: end,
    },
  };
};
