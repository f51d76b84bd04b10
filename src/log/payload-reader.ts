import { TriplineError } from '../domain/errors.ts';
import { createNaming, isNamed, type PayloadName } from '../domain/payload-name.ts';
import type { Position } from '../domain/position.ts';
import type { EventStore, PayloadPart } from '../store/event-store.ts';

type Reads = Pick<EventStore, 'readPayloads'>;

/** What a reader in parts holds at a time. */
const partBytes = 262_144;

const otherBytes = (place: Position): TriplineError =>
  new TriplineError('corrupt-store', `the payload at position ${place} is not the one named there`);

const inBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** The bytes that the fact at this place names, and no others; undefined once they are forgotten. */
export const readPayload = async (
  { readPayloads }: Reads,
  position: Position,
  name: PayloadName,
): Promise<Buffer | undefined> => {
  const [part] = await readPayloads([{ position }], Math.max(name.size, 1));
  if (part === undefined) return undefined;
  if (!isNamed(name, part)) throw otherBytes(position);
  return inBuffer(part.bytes);
};

/**
 * The same in parts, for what is not to be held as a whole; no part once they are forgotten. That
 * they are the bytes that were named is known behind the last one.
 */
export async function* partsOfPayload(
  { readPayloads }: Reads,
  position: Position,
  { size, commitment }: PayloadName,
): AsyncGenerator<Buffer, void> {
  let naming: ReturnType<typeof createNaming> | undefined;
  let from = 0;
  do {
    const [part]: readonly (PayloadPart | undefined)[] = await readPayloads(
      [{ position, from }],
      partBytes,
    );
    if (part === undefined && from === 0) return;
    if (part === undefined || part.size !== size) throw otherBytes(position);
    naming ??= createNaming(part.salt);
    naming.add(part.bytes);
    yield inBuffer(part.bytes);
    from += part.bytes.length;
  } while (from < size);
  if (naming?.name().commitment !== commitment) throw otherBytes(position);
}
