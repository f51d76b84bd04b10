import type { ReplayOrder, SkippedByReason, SkipReason } from '../src/domain/replay/order.ts';
import { defineProjection } from './projection.ts';

export interface ReplayDocument {
  readonly replayId: string;
  readonly workspace: string;
  /** Place of its request in the log: lists are in this order. */
  readonly position: string;
  readonly order: ReplayOrder;
  readonly status:
    | 'requested'
    | 'counting'
    | 'running'
    | 'paused'
    | 'completed'
    | 'cancelled'
    | 'failed';
  /** As it was counted; null before. */
  readonly planned: { readonly arrivals: number; readonly invocations: number } | null;
  readonly queued: number;
  readonly skipped: SkippedByReason;
  /** Up to where all has been dealt with; null before the first. */
  readonly reached: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  /** Why it was cancelled or has failed. */
  readonly reason: string | null;
}

const added = (one: SkippedByReason, other: SkippedByReason): SkippedByReason => {
  const sum: SkippedByReason = { ...one };
  for (const [reason, count] of Object.entries(other) as [SkipReason, number][])
    sum[reason] = (sum[reason] ?? 0) + count;
  return sum;
};

const withStatus =
  (status: ReplayDocument['status']) =>
  (document: ReplayDocument | undefined): ReplayDocument | undefined =>
    document && { ...document, status };

/** Every replay there ever was. What became of the invocations it queued is told by these. */
export const replays = defineProjection<ReplayDocument>({
  name: 'replays',
  version: 1,
  key: ({ data }) => {
    if ('replayId' in data) return data.replayId;
    return 'replay' in data ? data.replay?.id : undefined;
  },
  begins: ['ReplayRequested'],
  columns: ['position', 'workspace', 'status', 'createdAt'],
  indexes: [['workspace']],
  keyMember: 'replayId',
  evolve: {
    ReplayRequested: (_, { data: { replayId, order }, metadata, position }) => ({
      replayId,
      workspace: metadata.workspace,
      position,
      order,
      status: 'requested',
      planned: null,
      queued: 0,
      skipped: {},
      reached: null,
      createdBy: metadata.actor,
      createdAt: metadata.occurredAt,
      finishedAt: null,
      reason: null,
    }),
    ReplayCountBegun: withStatus('counting'),
    ReplayCounted: (document, { data: { arrivals, planned } }) =>
      document && { ...document, status: 'running', planned: { arrivals, invocations: planned } },
    InvocationQueued: (document) => document && { ...document, queued: document.queued + 1 },
    ReplayAdvanced: (document, { data: { upTo, skipped } }) =>
      document && { ...document, reached: upTo, skipped: added(document.skipped, skipped) },
    ReplayPaused: withStatus('paused'),
    ReplayResumed: withStatus('running'),
    ReplayCompleted: (document, { metadata }) =>
      document && { ...document, status: 'completed', finishedAt: metadata.occurredAt },
    ReplayCancelled: (document, { data: { reason }, metadata }) =>
      document && { ...document, status: 'cancelled', finishedAt: metadata.occurredAt, reason },
    ReplayFailed: (document, { data: { reason }, metadata }) =>
      document && { ...document, status: 'failed', finishedAt: metadata.occurredAt, reason },
  },
});
