import { isFact, type Recorded } from '../domain/events.ts';
import { arrivalStream } from '../domain/ids.ts';
import type { BodyAtHand } from '../domain/payload.ts';
import type { Position } from '../domain/position.ts';
import type { EventStore } from '../store/event-store.ts';
import { readPayload } from './payload-reader.ts';

export type Arrival = Recorded<'EventArrived'>;

export interface ArrivalRead {
  readonly arrival: Arrival;
  /** Undefined once it was forgotten. */
  readonly body: BodyAtHand | undefined;
}

/** The bytes of an arrival, in the fact itself or beside the log; undefined once they were forgotten. */
export const readBody = async (
  store: Pick<EventStore, 'readPayloads'>,
  { position, data: { body } }: Arrival,
): Promise<BodyAtHand | undefined> =>
  'encoding' in body ? body : await readPayload(store, position, body);

/** What arrived, and its bytes. */
export const readArrival = async (
  store: Pick<EventStore, 'readStream' | 'readPayloads'>,
  arrivalId: string,
): Promise<ArrivalRead> => {
  const [arrival, ...later] = await store.readStream(arrivalStream(arrivalId));
  if (arrival === undefined || !isFact(arrival, 'EventArrived'))
    throw new TypeError('the stream of an arrival begins with something else');
  // The fact counts: the bytes may take a moment more to go.
  const isForgotten = later.some((event) => isFact(event, 'PayloadForgotten'));
  return { arrival, body: isForgotten ? undefined : await readBody(store, arrival) };
};

/** The same by its place; gone only where the bytes are. */
export const readArrivalAt = async (
  store: Pick<EventStore, 'readAll' | 'readPayloads'>,
  position: Position,
): Promise<ArrivalRead> => {
  const [arrival] = await store.readAll({ from: position, maxCount: 1 });
  if (arrival?.position !== position || !isFact(arrival, 'EventArrived'))
    throw new TypeError(`nothing arrived at position ${position}`);
  return { arrival, body: await readBody(store, arrival) };
};
