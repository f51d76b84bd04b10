import { z } from 'zod';
import type { Verdict } from '../../routing/explain.ts';
import { triggerStatuses } from './trigger-wire.ts';

/** What a trigger makes of an event, and why. */
export const Judgement = z
  .object({
    triggerId: z.string(),
    /** As it was then, like all about it; null where it was not there. */
    name: z.string().nullable(),
    version: z.number().nullable(),
    status: z.enum(['active', 'stopped', 'suspended']).nullable(),
    functionId: z.string().nullable(),
    fired: z.boolean(),
    /** The first thing that decided against it; null where it fired. */
    reason: z
      .enum([
        ...(['stopped', 'suspended', 'taken-by-another', 'kind-differs', 'key-differs'] as const),
        ...(['filtered', 'payload-forgotten', 'created-later', 'deleted-before'] as const),
      ])
      .nullable(),
    /** Of its filter the first one that failed, and where it looked. */
    predicate: z.string().optional(),
    path: z.string().optional(),
    /** What it listens for, or its filter wants, where that is the reason. */
    expected: z.string().optional(),
    /** What came instead. */
    seen: z.string().optional(),
    /** When it was created or deleted, where that is the reason. */
    at: z.string().optional(),
    by: z.string().optional(),
  })
  .meta({ id: 'Judgement' });
export type Judgement = z.infer<typeof Judgement>;

/** Of those that had nothing to do with it, the nearest. */
export const mostMisses = 20;

export const toJudgement = ({ trigger, whyNot }: Verdict): Judgement => ({
  triggerId: trigger.triggerId,
  name: trigger.name,
  version: trigger.version,
  status: triggerStatuses[trigger.status],
  functionId: trigger.functionId,
  fired: whyNot === null,
  ...(whyNot ?? { reason: null }),
});
