import { isKnown, type Recorded } from '../../src/domain/events.ts';
import { longestInFact } from '../../src/domain/invocation/kept-outcome.ts';
import { namedPayload } from '../../src/domain/named-payload.ts';
import { isNamed, type PayloadName } from '../../src/domain/payload-name.ts';
import type { Position } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import type { Breaks } from './world.ts';

interface Named {
  readonly fact: StoredEvent;
  readonly name: PayloadName;
}

const answerIn = ({ type, data }: Recorded) => {
  if (type === 'InvocationSucceeded') return data.answer.body;
  return type === 'InvocationFailed' || type === 'InvocationDeadLettered'
    ? data.failure.body
    : null;
};

/**
 * What facts name lies beside the log, as it was named, until a fact says that it is gone; and who
 * was told that a body is forgotten finds no long answer to it either.
 */
export const createPayloadCheck = (store: Pick<EventStore, 'readPayloads'>, breaks: Breaks) => {
  const named = new Map<Position, Named>();
  const gone = new Set<string>();
  const arrivalOf = new Map<string, string>();
  const told = new Set<string>();

  const short = (fact: Recorded): void => {
    const answer = answerIn(fact);
    if (answer === null || 'size' in answer) return;
    if (Buffer.byteLength(answer.content) > longestInFact)
      breaks(`${fact.type} at ${fact.position} has an answer that should lie beside it`);
  };

  const isBeside = async (place: Position, { name, fact }: Named): Promise<boolean> => {
    const [part] = await store.readPayloads([{ position: place }], name.size + 1);
    if (part !== undefined && !isNamed(name, part))
      breaks(`what ${fact.type} at ${place} names is something else`);
    return part !== undefined;
  };

  const wasTold = ({ data }: StoredEvent): boolean => {
    const { invocationId } = data as { readonly invocationId?: string };
    return invocationId !== undefined && told.has(arrivalOf.get(invocationId) ?? '');
  };

  const judge = (fact: StoredEvent, isThere: boolean): void => {
    const { type, position } = fact;
    if (isThere === gone.has(position))
      breaks(`what ${type} at ${position} names is ${isThere ? 'still there' : 'gone'}`);
    if (isThere && wasTold(fact))
      breaks(`${type} at ${position} has an answer to what was forgotten`);
  };

  return {
    take(fact: StoredEvent): void {
      if (!isKnown(fact)) return;
      const name = namedPayload(fact);
      if (name !== undefined) named.set(fact.position, { fact, name });
      if (fact.type === 'PayloadForgotten') for (const place of fact.data.places) gone.add(place);
      if (fact.type === 'InvocationQueued')
        arrivalOf.set(fact.data.invocationId, fact.data.arrivalId);
      short(fact);
    },
    /** Somebody was answered that it is. */
    forgotten: (arrivalId: string): void => {
      told.add(arrivalId);
    },
    async atRest(): Promise<void> {
      for (const [place, one] of named) judge(one.fact, await isBeside(place, one));
    },
  };
};
