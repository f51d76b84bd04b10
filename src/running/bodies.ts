import { isKnown, type Recorded } from '../domain/events.ts';
import type { BodyAtHand } from '../domain/payload.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import { readPayload } from '../log/payload-reader.ts';
import type { PayloadsAtHand } from '../log/payloads-at-hand.ts';
import { asksForBody } from '../routing/invocation-terms.ts';
import type { RegistryIndex } from '../routing/registry-index.ts';
import { route } from '../routing/route.ts';
import type { EventStore } from '../store/event-store.ts';
import { recordIdOf } from '../store/record.ts';

type Arrived = Recorded<'EventArrived'>;

export interface BodiesDeps {
  readonly store: Pick<EventStore, 'readPayloads'>;
  readonly atHand: PayloadsAtHand;
  readonly registry: RegistryIndex;
}

/** The bytes of arrivals: in the fact itself, just recorded by this process, or read. */
export interface Bodies {
  /** Undefined where it would have to be read, or was forgotten. */
  atHand(arrival: Arrived): BodyAtHand | undefined;
  /** Undefined once it was forgotten. */
  read(arrival: Arrived): Promise<BodyAtHand | undefined>;
  /** What has to be read before an event is routed; undefined where nothing has. */
  missingFor(event: StoredEvent): Arrived | undefined;
  /** From then on it is at hand, until another one is loaded. */
  load(arrival: Arrived): Promise<void>;
  /** Its record was taken in; whoever needs the body later has kept it, or reads it. */
  passed(event: StoredEvent): void;
}

export const createBodies = ({ store, atHand: recorded, registry }: BodiesDeps): Bodies => {
  let loaded: { readonly id: string; readonly body: BodyAtHand | undefined } | undefined;

  const atHand = ({ id, data: { body } }: Arrived): BodyAtHand | undefined => {
    if ('encoding' in body) return body;
    return recorded.peek(id) ?? (loaded?.id === id ? loaded.body : undefined);
  };
  const read = async ({ position, data: { body } }: Arrived): Promise<BodyAtHand | undefined> =>
    'encoding' in body ? body : await readPayload(store, position, body);

  const isAskedFor = ({ data, metadata: { workspace } }: Arrived): boolean => {
    const { source, acceptedFor, decidedAt } = data;
    if (decidedAt !== undefined && decidedAt >= registry.lastLateAt) return false;
    return route(registry, { workspace, source, acceptedFor }).some(
      (routing) => routing.fired && asksForBody(routing.trigger),
    );
  };

  return {
    atHand,
    read,
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
      loaded = { id: arrival.id, body: await read(arrival) };
    },
    passed: ({ id }) => recorded.drop(recordIdOf(id)),
  };
};
