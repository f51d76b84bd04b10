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

// Parsing costs a hundred times what a tick does, and most schedules share a few expressions. The
// rhythm follows from its key alone, so this is a memo, not state.
const remembered = new Map<string, Rhythm>();
const mostRemembered = 2_000;

const rhythmOfCron = (expression: string, timezone: string): Rhythm => {
  const key = `${timezone} ${expression}`;
  const known = remembered.get(key);
  if (known) return known;
  const rhythm = cronRhythm(cronFieldsOf(expression), zoneOf(timezone));
  const oldest = remembered.size >= mostRemembered ? remembered.keys().next() : undefined;
  if (oldest?.done === false) remembered.delete(oldest.value);
  remembered.set(key, rhythm);
  return rhythm;
};

/** `anchor`: when the trigger was created or its schedule last changed. */
export const rhythmOf = (config: Planned, anchor: number): Rhythm => {
  if (config.at !== undefined) return onceRhythm(Date.parse(config.at));
  if (config.cron !== undefined) return rhythmOfCron(config.cron, config.timezone ?? 'UTC');
  const step = (config.interval ?? 0) * 1_000;
  if (config.startAt !== undefined) return intervalRhythm(Date.parse(config.startAt), step, 0);
  return intervalRhythm(anchor, step, 1);
};
