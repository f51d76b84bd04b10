import { sameTiming, timingOf } from '../domain/trigger/timing.ts';
import { expiredProblem } from '../schedule/expired.ts';
import { mergeSchedule } from '../schedule/merge.ts';
import { defineKind } from './kind.ts';
import { ScheduleConfig } from './schedule-config.ts';

/** The clock's own events: each planned instant of one trigger is one. */
export const scheduled = defineKind<ScheduleConfig>({
  kind: 'scheduled',
  config: ScheduleConfig,
  merge: mergeSchedule,
  // A trigger that has done its work may still be renamed.
  untimely: (config, stored, now) =>
    stored !== undefined && sameTiming(timingOf(stored), config)
      ? undefined
      : expiredProblem(config, now),
  key: (_, triggerId) => triggerId,
  hasNoPast: true,
  secretPaths: [],
  present: (_, { json }) => ({ executionParams: json, eventMetadata: null }),
});
