import { isTriplineError } from '../domain/errors.ts';
import { isFact } from '../domain/events.ts';
import { arrivalStream, payloadExpiryStream } from '../domain/ids.ts';
import { asPosition } from '../domain/position.ts';
import type { EventStore } from '../store/event-store.ts';

type Reads = Pick<EventStore, 'readStream' | 'readPayloads'>;

/** Up to where bodies went because of their age; empty where none did. */
export const expiredUpTo = async ({ readStream }: Reads): Promise<string> => {
  try {
    const [last] = await readStream(payloadExpiryStream, { direction: 'backwards', maxCount: 1 });
    return last !== undefined && isFact(last, 'PayloadsExpired') ? last.data.upTo : '';
  } catch (error) {
    if (!isTriplineError(error, 'stream-not-found')) throw error;
    return '';
  }
};

/** Whether the body of an arrival went because of its age; asked of what lies where some did. */
export const isExpired = async (
  store: Reads,
  { arrivalId, position }: { readonly arrivalId: string; readonly position: string },
): Promise<boolean> => {
  const [arrival] = await store.readStream(arrivalStream(arrivalId), { maxCount: 1 });
  if (arrival === undefined || !isFact(arrival, 'EventArrived')) return false;
  if ('encoding' in arrival.data.body) return false;
  const [part] = await store.readPayloads([{ position: asPosition(position) }], 1);
  return part === undefined;
};
