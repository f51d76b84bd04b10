import type { QueueEntry } from '../../../projections/queue.ts';

/** A trigger's part in an arrival. */
export const partKey = (arrivalId: string, triggerId: string): string =>
  `${arrivalId} ${triggerId}`;

type Entry = Pick<QueueEntry, 'invocationId' | 'arrivalId' | 'triggerId' | 'replayId'>;

const none: ReadonlySet<string> = new Set();

/**
 * What replays have asked for and has not ended: as soon as it is asked for, so that two replays of
 * one range never take the same part for missing.
 */
export const createOpenParts = () => {
  const invocations = new Map<string, Set<string>>();
  const parts = new Map<string, Set<string>>();

  const add = (map: Map<string, Set<string>>, key: string, value: string): void => {
    const known = map.get(key);
    if (known) known.add(value);
    else map.set(key, new Set([value]));
  };
  const remove = (map: Map<string, Set<string>>, key: string, value: string): void => {
    const known = map.get(key);
    known?.delete(value);
    if (known?.size === 0) map.delete(key);
  };

  return {
    begin({ invocationId, arrivalId, triggerId, replayId }: Entry): void {
      if (replayId === undefined) return;
      add(invocations, replayId, invocationId);
      add(parts, partKey(arrivalId, triggerId), invocationId);
    },
    end({ invocationId, arrivalId, triggerId, replayId }: Entry): void {
      if (replayId === undefined) return;
      remove(invocations, replayId, invocationId);
      remove(parts, partKey(arrivalId, triggerId), invocationId);
    },
    countOf: (replayId: string): number => (invocations.get(replayId) ?? none).size,
    has: (part: string): boolean => parts.has(part),
  };
};

export type OpenParts = ReturnType<typeof createOpenParts>;
