import { createMemo } from '../domain/memo.ts';
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

// Parsing costs a hundred times what a tick does, and most schedules share a few expressions.
const mostRemembered = 2_000;

const rhythmOfCron = createMemo(mostRemembered, (key: string) => {
  const space = key.indexOf(' ');
  return cronRhythm(cronFieldsOf(key.slice(space + 1)), zoneOf(key.slice(0, space)));
});

/** `anchor`: when the trigger was created or its schedule last changed. */
export const rhythmOf = (config: Planned, anchor: number): Rhythm => {
  if (config.at !== undefined) return onceRhythm(Date.parse(config.at));
  if (config.cron !== undefined) return rhythmOfCron(`${config.timezone ?? 'UTC'} ${config.cron}`);
  const step = (config.interval ?? 0) * 1_000;
  if (config.startAt !== undefined) return intervalRhythm(Date.parse(config.startAt), step, 0);
  return intervalRhythm(anchor, step, 1);
};
