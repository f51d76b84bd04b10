import type { QueueEntry } from '../../../projections/queue.ts';

/** A trigger's part in an arrival. */
export const partKey = (arrivalId: string, triggerId: string): string =>
  `${arrivalId} ${triggerId}`;

type Entry = Pick<QueueEntry, 'invocationId' | 'arrivalId' | 'triggerId' | 'replayId'>;

const none: ReadonlySet<string> = new Set();

/**
 * What replays and operators have asked for and has not ended: as soon as it is asked for, so that no two
 * of them ever take the same part for missing.
 */
export const createOpenParts = () => {
  const invocations = new Map<string, Set<string>>();
  const parts = new Map<string, Set<string>>();
  const repeats = new Set<string>();

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
    /** By an operator, of a single one. */
    repeat({ invocationId, arrivalId, triggerId }: Entry): void {
      repeats.add(invocationId);
      add(parts, partKey(arrivalId, triggerId), invocationId);
    },
    end({ invocationId, arrivalId, triggerId, replayId }: Entry): void {
      if (!repeats.delete(invocationId) && replayId === undefined) return;
      if (replayId !== undefined) remove(invocations, replayId, invocationId);
      remove(parts, partKey(arrivalId, triggerId), invocationId);
    },
    countOf: (replayId: string): number => (invocations.get(replayId) ?? none).size,
    /** Those that were asked for first come first. */
    of: (part: string): Iterable<string> => parts.get(part) ?? none,
    has: (part: string): boolean => parts.has(part),
  };
};

export type OpenParts = ReturnType<typeof createOpenParts>;
