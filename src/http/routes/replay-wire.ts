import { z } from 'zod';
import type { ReplayDocument } from '../../../projections/replays.ts';
import { ReplayOrder, SkippedByReason } from '../../domain/replay/order.ts';
import type { Preview, Sampled } from '../../operations/replays.ts';
import { personOf } from './owned-wire.ts';
import type { RouteDeps } from './route.ts';

const { after, upTo, versions, mode, concurrency, only } = ReplayOrder.shape;
const [Arrivals, DeadLetters] = ReplayOrder.shape.among.options;

export const Replay = z
  .object({
    id: z.string(),
    status: z.enum([
      ...(['requested', 'counting', 'running', 'paused'] as const),
      ...(['completed', 'cancelled', 'failed'] as const),
    ]),
    /** Places in the log, fixed when it was asked for: behind the one, up to and with the other. */
    range: z.object({ after, upTo }),
    arrivals: Arrivals.shape.arrivals.optional(),
    deadLetters: DeadLetters.shape.deadLetters.optional(),
    to: only,
    versions,
    mode,
    rate: z.object({ perSecond: z.number() }).nullable(),
    concurrency,
    counts: z.object({
      /** That it is about, as counted before it began; null until then. */
      arrivals: z.number().nullable(),
      planned: z.number().nullable(),
      queued: z.number(),
      succeeded: z.number(),
      dead: z.number(),
      cancelled: z.number(),
      /** By reason, as far as it has come. */
      skipped: SkippedByReason,
    }),
    /** Up to where all has been dealt with; null before the first. */
    position: z.string().nullable(),
    createdBy: z.string(),
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Replay' });
export type Replay = z.infer<typeof Replay>;

export const PreviewObject = z
  .object({
    counts: z.object({
      arrivals: z.number(),
      invocations: z.number(),
      skipped: SkippedByReason,
    }),
    /** The first ten parts of triggers in arrivals, and what would be done about them. */
    sample: z.array(
      z.object({
        eventId: z.string(),
        triggerId: z.string().nullable(),
        /** With its version where it is delivered as then; null where it is as now, or skipped. */
        version: z.number().nullable(),
        delivered: z.boolean(),
        /** Why not; null where it is. */
        reason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'ReplayPreview' });

const toSample = ({ arrivalId, verdict }: Sampled) => {
  const common = { eventId: arrivalId, triggerId: verdict.triggerId };
  if ('skip' in verdict)
    return { ...common, version: null, delivered: false, reason: verdict.skip };
  const { definition } = verdict;
  if ('like' in definition)
    return { ...common, version: definition.like.triggerVersion, delivered: true, reason: null };
  const version = definition.pinned ? definition.trigger.version : null;
  return { ...common, version, delivered: true, reason: null };
};

export const toPreview = ({
  arrivals,
  planned,
  skipped,
  sample,
}: Preview): z.infer<typeof PreviewObject> => ({
  counts: { arrivals, invocations: planned, skipped: { ...skipped } },
  sample: sample.map(toSample),
});

/** What became of what it queued is counted where that is kept. */
const endsOf = async ({ views }: Pick<RouteDeps, 'views'>, replayId: string) => {
  const count = (status: string) => views.count('invocations', { where: { replayId, status } });
  const [succeeded, dead, cancelled] = await Promise.all([
    ...(['succeeded', 'dead', 'cancelled'] as const).map(count),
  ]);
  return { succeeded: succeeded ?? 0, dead: dead ?? 0, cancelled: cancelled ?? 0 };
};

export const toReplay = async (
  deps: Pick<RouteDeps, 'views'>,
  document: ReplayDocument,
): Promise<Replay> => {
  const { replayId, order, planned, queued, skipped, status, createdAt } = document;
  const { perSecond } = order;
  return {
    ...{ id: replayId, status },
    range: { after: order.after, upTo: order.upTo },
    ...order.among,
    ...{ to: order.only, versions: order.versions, mode: order.mode },
    rate: perSecond === null ? null : { perSecond },
    concurrency: order.concurrency,
    counts: {
      arrivals: planned?.arrivals ?? null,
      planned: planned?.invocations ?? null,
      queued,
      ...(await endsOf(deps, replayId)),
      skipped,
    },
    position: document.reached,
    createdBy: personOf(document.createdBy),
    createdAt,
    finishedAt: document.finishedAt,
    reason: document.reason,
  };
};
