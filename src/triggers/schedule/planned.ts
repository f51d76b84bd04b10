import { cronFieldsOf } from './cron-fields.ts';
import { cronRhythm } from './cron-rhythm.ts';
import { intervalRhythm, onceRhythm, type Rhythm } from './rhythm.ts';
import { zoneOf } from './zone-segments.ts';

/** The members of a scheduled trigger's config that say when it ticks. */
export interface Planned {
  readonly interval?: number | undefined;
  readonly cron?: string | undefined;
  readonly timezone?: string | undefined;
  readonly at?: string | undefined;
  readonly startAt?: string | undefined;
  readonly endAt?: string | undefined;
}

/** `anchor`: when the trigger was created or its schedule last changed. */
export const rhythmOf = (config: Planned, anchor: number): Rhythm => {
  if (config.at !== undefined) return onceRhythm(Date.parse(config.at));
  if (config.cron !== undefined) {
    return cronRhythm(cronFieldsOf(config.cron), zoneOf(config.timezone ?? 'UTC'));
  }
  const step = (config.interval ?? 0) * 1_000;
  if (config.startAt !== undefined) return intervalRhythm(Date.parse(config.startAt), step, 0);
  return intervalRhythm(anchor, step, 1);
};
