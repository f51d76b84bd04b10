const members = ['interval', 'cron', 'timezone', 'at', 'startAt', 'endAt'] as const;

/** The members of a scheduled trigger's metadata that say when it ticks. */
export interface Timing {
  readonly interval?: number | undefined;
  readonly cron?: string | undefined;
  readonly timezone?: string | undefined;
  readonly at?: string | undefined;
  readonly startAt?: string | undefined;
  readonly endAt?: string | undefined;
}

/** Of a scheduled trigger's metadata; its kind's schema has checked them. */
export const timingOf = (metadata: object): Timing =>
  Object.fromEntries(
    members.flatMap((member) => {
      const value = (metadata as Timing)[member];
      return value === undefined ? [] : [[member, value]];
    }),
  );

export const sameTiming = (one: Timing, other: Timing): boolean =>
  members.every((member) => one[member] === other[member]);
