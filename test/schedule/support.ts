import { type Schedule, scheduleOf } from '../../src/schedule/schedule.ts';
import { ScheduleConfig } from '../../src/triggers/schedule-config.ts';

export const at = (text: string): number => Date.parse(text);

export const iso = (ms: number): string => new Date(ms).toISOString();

/** A schedule as it comes to be: parsed from what people write, then anchored. */
export const schedule = (
  config: Record<string, unknown>,
  anchor = 0,
  triggerId = 'trigger-1',
): Schedule => scheduleOf(ScheduleConfig.parse(config), { triggerId, anchor });
