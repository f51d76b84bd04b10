import { createMemo } from '../domain/memo.ts';
import type { Timing } from '../domain/trigger/timing.ts';
import { cronFieldsOf } from './cron-fields.ts';
import { cronRhythm } from './cron-rhythm.ts';
import { intervalRhythm, onceRhythm, type Rhythm } from './rhythm.ts';
import { zoneOf } from './zone-segments.ts';

// Parsing costs a hundred times what a tick does, and most schedules share a few expressions.
const mostRemembered = 2_000;

const rhythmOfCron = createMemo(mostRemembered, (key: string) => {
  const space = key.indexOf(' ');
  return cronRhythm(cronFieldsOf(key.slice(space + 1)), zoneOf(key.slice(0, space)));
});

/** `anchor`: when the trigger was created or its schedule last changed. */
export const rhythmOf = (config: Timing, anchor: number): Rhythm => {
  if (config.at !== undefined) return onceRhythm(Date.parse(config.at));
  if (config.cron !== undefined) return rhythmOfCron(`${config.timezone ?? 'UTC'} ${config.cron}`);
  const step = (config.interval ?? 0) * 1_000;
  if (config.startAt !== undefined) return intervalRhythm(Date.parse(config.startAt), step, 0);
  return intervalRhythm(anchor, step, 1);
};
