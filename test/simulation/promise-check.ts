import { isKnown, type Recorded } from '../../src/domain/events.ts';
import { invocationIdOf } from '../../src/domain/ids.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import type { Disk } from './disk.ts';
import type { Exchange } from './exchange.ts';
import type { Breaks } from './world.ts';

interface Arrival {
  readonly mark: string | undefined;
  readonly fact: Recorded<'EventArrived'>;
  readonly acknowledged: Exchange[];
}

const markIn = (text: string): string | undefined => /"mark":"(n\d+n)"/.exec(text)?.[1];

/**
 * What senders were told, against what the log says: an event that was acknowledged is there, as it
 * was sent, and each trigger that was asked to take it has an outcome for it; no other trigger has.
 */
export const createPromiseCheck = (breaks: Breaks, textOf: Disk['textOf']) => {
  const bodies = new Map<string, Set<string>>();
  const askedOf = new Map<string, Set<string>>();
  const arrivals = new Map<string, Arrival>();
  /** Whether a repetition came with the same body can be told of these no more. */
  const forgotten = new Set<string>();
  const queued = new Set<string>();
  const withheld = new Map<string, Recorded<'EventWithheld'>>();

  const arrived = (fact: Recorded<'EventArrived'>): void => {
    const { arrivalId, body, source } = fact.data;
    const text = textOf(body);
    const mark = markIn(text);
    arrivals.set(arrivalId, { mark, fact, acknowledged: [] });
    if (source.kind === 'scheduled') return;
    const isForOne = source.kind === 'webhook' || source.kind === 'on-demand';
    if (isForOne && !askedOf.get(mark ?? '')?.has(fact.data.acceptedFor?.triggerId ?? ''))
      breaks(`arrival ${arrivalId} says it was taken for a trigger that was not asked`);
    if (mark === undefined || !bodies.get(mark)?.has(text))
      breaks(`arrival ${arrivalId} has a body that nobody sent`);
  };

  const wasQueued = ({ data }: Recorded<'InvocationQueued'>): void => {
    queued.add(data.invocationId);
    const arrival = arrivals.get(data.arrivalId);
    const { mark, fact } = arrival ?? {};
    if (data.retryOf !== null || data.replay !== undefined) return;
    if (mark === undefined || fact === undefined) return;
    if (fact.data.source.kind !== 'webhook') return;
    if (!askedOf.get(mark)?.has(data.triggerId))
      breaks(`${data.triggerId} was given ${mark}, which it was never asked to take`);
  };

  const hasOutcome = (arrivalId: string, triggerId: string): boolean => {
    if (queued.has(invocationIdOf(arrivalId, triggerId))) return true;
    const triggers = withheld.get(arrivalId)?.data.triggers ?? [];
    return triggers.some((one) => one.triggerId === triggerId && one.reason === 'deleted');
  };

  return {
    sent({ mark }: Exchange, body: string): void {
      const known = bodies.get(mark) ?? new Set();
      bodies.set(mark, known.add(body));
    },
    /** A trigger is about to be asked to take it. */
    asked({ mark, askedOf: trigger }: Exchange): void {
      if (trigger === undefined) return;
      const known = askedOf.get(mark) ?? new Set();
      askedOf.set(mark, known.add(trigger.triggerId));
    },
    answered(exchange: Exchange): void {
      const { eventId, mark, ordinal, status } = exchange;
      if (eventId === undefined || (status !== 202 && status !== 200)) return;
      const arrival = arrivals.get(eventId);
      if (arrival === undefined) {
        breaks(`#${ordinal} was acknowledged as ${eventId}, which is not on disk`);
        return;
      }
      arrival.acknowledged.push(exchange);
      const isWebhook = exchange.kind === 'webhook' || exchange.kind === 'execute';
      if (isWebhook && arrival.mark !== mark && !forgotten.has(eventId))
        breaks(`#${ordinal} with ${mark} was acknowledged as ${arrival.mark}`);
    },
    take(fact: StoredEvent): void {
      if (!isKnown(fact)) return;
      if (fact.type === 'EventArrived') arrived(fact);
      else if (fact.type === 'InvocationQueued') wasQueued(fact);
      else if (fact.type === 'EventWithheld') withheld.set(fact.data.arrivalId, fact);
      else if (fact.type === 'PayloadForgotten') forgotten.add(fact.data.arrivalId);
    },
    /** What did not pass the filter of the trigger that took it has come to its end. */
    atRest(filteredOut: ReadonlySet<string>): void {
      for (const [arrivalId, { acknowledged }] of arrivals) {
        const triggers = acknowledged.flatMap(({ askedOf: one }) => one?.triggerId ?? []);
        if (triggers.length === 0 || filteredOut.has(arrivalId)) continue;
        if (triggers.some((triggerId) => hasOutcome(arrivalId, triggerId))) continue;
        const told = acknowledged.map(({ ordinal }) => `#${ordinal}`).join(', ');
        breaks(`${told} acknowledged as ${arrivalId} has no outcome for ${triggers[0]}`);
      }
    },
    /** What an invocation was made of. */
    markOf: (arrivalId: string): string | undefined => arrivals.get(arrivalId)?.mark,
  };
};

export type PromiseCheck = ReturnType<typeof createPromiseCheck>;
