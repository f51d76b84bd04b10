import { defineKind } from './kind.ts';
import { ScheduleConfig } from './schedule/config.ts';

/** The clock's own events: each planned instant of one trigger is one. */
export const scheduled = defineKind<ScheduleConfig>({
  kind: 'scheduled',
  config: ScheduleConfig,
  key: (_, triggerId) => triggerId,
  secretPaths: [],
  present: (_, payload) => ({ executionParams: payload, eventMetadata: null }),
});
