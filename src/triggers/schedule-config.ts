import { z } from 'zod';
import { cronProblem } from '../schedule/cron-problem.ts';
import { windowProblems } from '../schedule/window-problems.ts';
import { isZone } from '../schedule/zone-segments.ts';
import { Concurrency, commonConfig } from './common-config.ts';

/** 100 years. */
const longestInterval = 3_153_600_000;
const longestJitter = 86_400;

const Instant = z.iso
  .datetime({
    offset: true,
    abort: true,
    error: 'must be an ISO 8601 instant with Z or an offset',
  })
  .refine((text) => Date.parse(text) >= 0, 'must not be earlier than 1970')
  .transform((text) => new Date(text).toISOString());

const Cron = z
  .string('must be a string')
  .trim()
  .superRefine((expression, context) => {
    const problem = cronProblem(expression);
    if (problem) context.addIssue(problem);
  });

/**
 * What people write for a `scheduled` trigger: exactly one of `interval`, `cron` and `at`.
 *
 * - `interval`: seconds of real time. The first tick is one interval after the trigger was created
 *   or its schedule changed; with `startAt` the first tick is at that instant instead.
 * - `cron`: 5 fields, or 6 with seconds in front, or a nickname such as `@daily`, in `timezone`.
 *   Where day of month and day of week are both given, either is enough; `+MON` asks for both.
 * - `at`: one instant.
 * - `startAt` is inclusive, `endAt` exclusive.
 * - `jitterSeconds` delays each tick by less than this, always by the same for the same tick, and
 *   never past the next one. The tick keeps its name: the instant it was planned for.
 * - `overlap`, where as many runs as `concurrency` allows (1) have not ended: `queue` (default:
 *   every tick gets its run, as the contract promises for intervals), `skip`, `cancel-previous`.
 * - `misfire`, for ticks that came due while nothing could fire: `skip` (default), `one` (the
 *   latest), `all` (the latest 100). The others are recorded as missed.
 */
export const ScheduleConfig = z
  .strictObject({
    interval: z
      .int('must be a positive integer')
      .min(1, 'must be a positive integer')
      .max(longestInterval, `must be at most ${longestInterval}`)
      .optional(),
    cron: Cron.optional(),
    timezone: z
      .string('must be a string')
      .refine(isZone, 'must be an IANA time zone such as Europe/Berlin')
      .optional(),
    at: Instant.optional(),
    startAt: Instant.optional(),
    endAt: Instant.optional(),
    jitterSeconds: z
      .int('must be an integer')
      .min(0, 'must not be negative')
      .max(longestJitter, `must be at most ${longestJitter}`)
      .default(0),
    overlap: z.enum(['queue', 'skip', 'cancel-previous']).default('queue'),
    misfire: z.enum(['skip', 'one', 'all']).default('skip'),
    ...commonConfig,
    /** Runs of this trigger that may go on at once; `overlap` says what happens to one more. */
    concurrency: Concurrency.default(1),
  })
  .superRefine((config, context) => {
    // Members that are wrong by themselves cannot be asked for their ticks.
    if (context.issues.length > 0) return;
    for (const { field, message } of windowProblems(config)) {
      context.addIssue({ code: 'custom', path: [field], message });
    }
  });
export type ScheduleConfig = z.output<typeof ScheduleConfig>;
