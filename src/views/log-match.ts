import { beginning } from '../domain/position.ts';
import type { EventReader } from '../store/index.ts';
import type { Checkpoint } from './view-catalog.ts';

/**
 * Whether what was folded up to the checkpoint is the log there is: its last event must still be
 * in its place. After a log was restored from a backup it is not, and nothing folded can be kept.
 */
export const fitsLog = async (
  reader: Pick<EventReader, 'readAll'>,
  { position, eventId }: Pick<Checkpoint, 'position' | 'eventId'>,
): Promise<boolean> => {
  if (position === beginning) return true;
  const [event] = await reader.readAll({ from: position, maxCount: 1 });
  return event?.position === position && event.id === eventId;
};
