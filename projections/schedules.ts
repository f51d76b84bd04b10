import type { Recorded } from '../src/domain/events.ts';
import {
  accounted,
  firstStretch,
  replanned,
  type Stretch,
  type Stretches,
  withStatus,
} from '../src/domain/schedule/stretches.ts';
import { instantOfTick } from '../src/domain/schedule/tick-id.ts';
import { sameTiming, timingOf } from '../src/domain/trigger/timing.ts';
import { defineProjection } from './projection.ts';

/** How far a scheduled trigger has come with its plan. */
export interface ScheduleEntry {
  readonly triggerId: string;
  readonly workspace: string;
  readonly stretches: Stretches;
}

type Fold<T extends Recorded> = (
  entry: ScheduleEntry | undefined,
  event: T,
) => ScheduleEntry | undefined;

const turned =
  (status: Stretch['status']): Fold<Recorded> =>
  (entry, { metadata }) =>
    entry && { ...entry, stretches: withStatus(entry.stretches, status, metadata.occurredAt) };

const passed = (entry: ScheduleEntry | undefined, instant: string) =>
  entry && { ...entry, stretches: accounted(entry.stretches, instant) };

const keyOf = ({ type, data }: Recorded): string | undefined => {
  if (type !== 'EventArrived') return 'triggerId' in data ? data.triggerId : undefined;
  return data.source.kind === 'scheduled' ? data.source.key : undefined;
};

/** The scheduled triggers of all workspaces: what they plan, and up to where that is accounted for. */
export const schedules = defineProjection<ScheduleEntry>({
  name: 'schedules',
  version: 2,
  key: keyOf,
  evolve: {
    TriggerRegistered: (_, { data, metadata }) =>
      data.executionType === 'scheduled'
        ? {
            triggerId: data.triggerId,
            workspace: metadata.workspace,
            stretches: firstStretch(timingOf(data.triggerMetadata), metadata.occurredAt),
          }
        : undefined,
    TriggerRevised: (entry, { data, metadata }) => {
      const timing = timingOf(data.triggerMetadata);
      const present = entry?.stretches.at(-1);
      if (entry === undefined || present === undefined) return undefined;
      if (sameTiming(timing, present.timing)) return entry;
      return { ...entry, stretches: replanned(entry.stretches, timing, metadata.occurredAt) };
    },
    TriggerPaused: turned('paused'),
    TriggerSuspended: turned('suspended'),
    TriggerResumed: turned('active'),
    TriggerRetired: () => undefined,
    EventArrived: (entry, { data }) => passed(entry, instantOfTick(data.deliveryId ?? '')),
    TickSkipped: (entry, { data }) => passed(entry, data.scheduledAt),
    // Times of day that a change of clocks swallowed or repeated were never planned instants.
    TicksMissed: (entry, { data }) =>
      data.reason.startsWith('DST') ? entry : passed(entry, data.last),
  },
});
