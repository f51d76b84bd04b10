import { isKnown } from '../domain/events.ts';
import type { BodyAtHand } from '../domain/payload.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { PayloadsAtHand } from '../log/payloads-at-hand.ts';
import { type Arrival, readBody } from '../log/read-arrival.ts';
import { asksForBody } from '../routing/invocation-terms.ts';
import type { RegistryIndex } from '../routing/registry-index.ts';
import { reachedBy } from '../routing/route.ts';
import type { EventStore } from '../store/event-store.ts';
import { recordIdOf } from '../store/record.ts';

export interface BodiesDeps {
  readonly store: Pick<EventStore, 'readPayloads'>;
  readonly atHand: PayloadsAtHand;
  readonly registry: RegistryIndex;
}

/** The bytes of arrivals: in the fact itself, just recorded by this process, or read. */
export interface Bodies {
  /** Undefined where it would have to be read, or was forgotten. */
  atHand(arrival: Arrival): BodyAtHand | undefined;
  /** What has to be read before an event is routed; undefined where nothing has. */
  missingFor(event: StoredEvent): Arrival | undefined;
  /** From then on it is at hand, until another one is loaded. */
  load(arrival: Arrival): Promise<void>;
  /** Its record was taken in; whoever needs the body later has kept it, or reads it. */
  passed(event: StoredEvent): void;
}

export const createBodies = ({ store, atHand: recorded, registry }: BodiesDeps): Bodies => {
  let loaded: { readonly id: string; readonly body: BodyAtHand | undefined } | undefined;

  const atHand = ({ id, data: { body } }: Arrival): BodyAtHand | undefined => {
    if ('encoding' in body) return body;
    return recorded.peek(id) ?? (loaded?.id === id ? loaded.body : undefined);
  };

  const isAskedFor = ({ data, metadata: { workspace } }: Arrival): boolean => {
    const { source, acceptedFor, decidedAt } = data;
    if (decidedAt !== undefined && decidedAt >= registry.lastLateAt) return false;
    return reachedBy(registry, { workspace, source, acceptedFor }).some(asksForBody);
  };

  return {
    atHand,
    missingFor(event) {
      if (!isKnown(event) || event.type !== 'EventArrived') return undefined;
      if (loaded?.id === event.id) return undefined;
      try {
        return atHand(event) === undefined && isAskedFor(event) ? event : undefined;
      } catch {
        // No arrival as we write them; whoever takes it in sets it aside.
        return undefined;
      }
    },
    async load(arrival) {
      loaded = { id: arrival.id, body: await readBody(store, arrival) };
    },
    passed: ({ id }) => recorded.drop(recordIdOf(id)),
  };
};
