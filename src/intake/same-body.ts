import { hash } from 'node:crypto';
import type { Recorded } from '../domain/events.ts';
import { nameOfParts } from '../domain/payload-name.ts';
import type { EventStore } from '../store/event-store.ts';

/**
 * Whether this is what was sent then. Once the body is forgotten nobody can tell, as that is what
 * forgetting means, and the sender is believed.
 */
export const isSameBody = async (
  { readPayloads }: Pick<EventStore, 'readPayloads'>,
  { position, data }: Recorded<'EventArrived'>,
  sentBody: readonly Uint8Array[],
): Promise<boolean> => {
  const { body, sent, bodySha256 } = data;
  const bytes = (): Buffer => Buffer.concat(sentBody);
  if (bodySha256 !== undefined) return hash('sha256', bytes(), 'hex') === bodySha256;
  if ('encoding' in body) return Buffer.from(body.content, body.encoding).equals(bytes());
  const [part] = await readPayloads([{ position }], 1);
  if (part === undefined) return true;
  const { size, commitment } = nameOfParts(part.salt, sentBody);
  const first = sent ?? body;
  return first.size === size && first.commitment === commitment;
};
