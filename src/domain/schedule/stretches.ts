import type { Timing } from '../trigger/timing.ts';

/** A time in which a scheduled trigger kept one plan and one status. Instants are ISO 8601. */
export interface Stretch {
  readonly timing: Timing;
  /** When the trigger was created or its timing last changed: where intervals are counted from. */
  readonly anchor: string;
  readonly status: 'active' | 'paused' | 'suspended';
  /** Null for the present one. */
  readonly until: string | null;
  /** The last planned instant whose end is on record. */
  readonly lastInstant: string | null;
}

/** Oldest first, the present one last; those that are wholly accounted for have been dropped. */
export type Stretches = readonly Stretch[];

/** Beyond this many the oldest is left to its successor, so that no document grows for ever. */
const mostKept = 16;

export const firstStretch = (timing: Timing, now: string): Stretches => [
  { timing, anchor: now, status: 'active', until: null, lastInstant: null },
];

const followedBy = (
  stretches: Stretches,
  now: string,
  changes: Partial<Pick<Stretch, 'timing' | 'anchor' | 'status'>>,
): Stretches => {
  const present = stretches.at(-1);
  if (present === undefined) return stretches;
  return [
    ...stretches.slice(0, -1),
    { ...present, until: now },
    { ...present, ...changes, lastInstant: null },
  ].slice(-mostKept);
};

export const withStatus = (stretches: Stretches, status: Stretch['status'], now: string) =>
  followedBy(stretches, now, { status });

/** A new timing is planned from now on; what the old one had left is still to be accounted for. */
export const replanned = (stretches: Stretches, timing: Timing, now: string) =>
  followedBy(stretches, now, { timing, anchor: now });

/**
 * Where a clock was set back several stretches hold the same instant: the latest of them planned it.
 * One older than all of them counts in the oldest.
 */
const placeOf = (stretches: Stretches, instant: string): number => {
  const beginsBefore = ({ anchor }: Stretch, place: number): boolean =>
    (stretches[place - 1]?.until ?? anchor) < instant;
  return Math.max(0, stretches.findLastIndex(beginsBefore));
};

/** An instant's end is on record, and with it that of every earlier one. */
export const accounted = (stretches: Stretches, instant: string): Stretches => {
  const [stretch, ...later] = stretches.slice(placeOf(stretches, instant));
  if (stretch === undefined || (stretch.lastInstant ?? '') >= instant) return stretches;
  return [{ ...stretch, lastInstant: instant }, ...later];
};
