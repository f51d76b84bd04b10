import { z } from 'zod';
import { isoOf } from '../../domain/clock.ts';
import { invalidField } from '../../domain/invalid.ts';
import { firstStretch, type Stretches } from '../../domain/schedule/stretches.ts';
import { timingOf } from '../../domain/trigger/timing.ts';
import { comingTicks, type Lateness } from '../../schedule/coming.ts';
import type { Tick } from '../../schedule/schedule.ts';
import { parseMetadata } from '../../triggers/parse-metadata.ts';
import { scheduled } from '../../triggers/scheduled.ts';
import { base, existing, mustExist } from './route.ts';
import { resource, row } from './rows.ts';
import { triggerStatuses } from './trigger-wire.ts';

const usualCount = 10;
const Count = z.int().min(1).max(1_000).default(usualCount);
const AskedCount = z.coerce.number().int().min(1).max(1_000).default(usualCount);

const ComingTick = z
  .object({
    id: z.string(),
    scheduledAt: z.string(),
    /** Later than `scheduledAt` by the jitter. */
    dueAt: z.string(),
    /** `DST-gap`: it stands in for a time of day that does not exist on that date. */
    shifted: z.literal('DST-gap').nullable(),
  })
  .meta({ id: 'Tick' });

const toTick = ({ id, instant, dueAt, shifted }: Tick): z.infer<typeof ComingTick> => ({
  id,
  scheduledAt: isoOf(instant),
  dueAt: isoOf(dueAt),
  shifted,
});

const lastOf = (stretches: Stretches): string | null =>
  stretches.findLast(({ lastInstant }) => lastInstant !== null)?.lastInstant ?? null;

/** What schedules will do. */
export const triggerTicks = resource(
  { tag: 'function-triggers', at: `${base}/function-triggers`, right: 'function-triggers' },
  ({ engine, clock, chance, operations: { triggers } }) => [
    row({
      operationId: 'listTriggerTicks',
      method: 'GET',
      path: '/:id/ticks',
      summary: 'Tell the next ticks of a scheduled trigger',
      description:
        'By its present plan, whether or not it is stopped: ticks that come due while it is do not fire.',
      query: z.strictObject({ count: AskedCount }),
      answer: z.object({
        status: z.enum(Object.values(triggerStatuses)),
        /** The last planned instant that has fired, or whose other end is on record. */
        lastScheduledAt: z.string().nullable(),
        ticks: z.array(ComingTick),
      }),
      before: [mustExist('trigger', triggers.find)],
      handle: ({ params, query: { count } }) => {
        const trigger = existing('trigger', triggers.find, params);
        const schedule = engine.scheduleOf(params.id);
        if (schedule === undefined)
          throw invalidField(
            'executionType',
            `is ${trigger.executionType}, only scheduled has ticks`,
          );
        const { stretches } = schedule;
        // Its kind's schema has checked it before it was recorded.
        const lateness = trigger.triggerMetadata as unknown as Lateness;
        const ticks = comingTicks(params.id, stretches, lateness, { now: clock.now(), count });
        return {
          status: triggerStatuses[trigger.status],
          lastScheduledAt: lastOf(stretches),
          ticks: ticks.map(toTick),
        };
      },
    }),
    row({
      operationId: 'previewTicks',
      method: 'POST',
      path: '/ticks',
      summary: 'Tell the ticks of a schedule before there is a trigger for it',
      description: 'Jitter is drawn by the id of the trigger, so its own will differ.',
      right: 'read',
      body: z.strictObject({
        triggerMetadata: z.record(z.string(), z.unknown(), 'must be an object'),
        count: Count,
      }),
      answer: z.object({ ticks: z.array(ComingTick.omit({ id: true })) }),
      handle: ({ body: { triggerMetadata, count } }) => {
        const config = parseMetadata(scheduled, triggerMetadata);
        const now = clock.now();
        const stretches = firstStretch(timingOf(config), isoOf(now));
        return {
          ticks: comingTicks(chance.newId(), stretches, config, { now, count }).map(toTick),
        };
      },
    }),
  ],
);
