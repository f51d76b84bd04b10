import type { JsonObject } from '../json.ts';

const members = ['interval', 'cron', 'timezone', 'at', 'startAt', 'endAt'] as const;

/** The members of a scheduled trigger's metadata that say when it ticks. */
export interface Timing {
  readonly interval?: number;
  readonly cron?: string;
  readonly timezone?: string;
  readonly at?: string;
  readonly startAt?: string;
  readonly endAt?: string;
}

export const timingOf = (metadata: JsonObject): Timing =>
  Object.fromEntries(
    members.flatMap((member) => {
      const value = metadata[member];
      return value === undefined ? [] : [[member, value]];
    }),
  );

export const sameTiming = (one: Timing, other: Timing): boolean =>
  members.every((member) => one[member] === other[member]);
