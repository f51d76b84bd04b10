import type { RefusalReason } from '../src/domain/facts/refusal-facts.ts';
import { defineProjection } from './projection.ts';

export interface RefusalDocument {
  readonly position: string;
  readonly workspace: string;
  readonly path: string | null;
  readonly triggerId: string | null;
  readonly status: number;
  readonly reason: RefusalReason;
  readonly skewSeconds: number | null;
  readonly count: number;
  readonly first: string;
  readonly last: string;
  readonly remote: string | null;
  readonly correlationId: string;
}

/** How many are kept, of all workspaces together; each new one takes the place of the oldest. */
export const refusalsKept = 50_000;

/** Webhook deliveries that were not taken, the last of them. */
export const refusals = defineProjection<RefusalDocument>({
  name: 'refusals',
  version: 1,
  key: (_, ordinal) => String(ordinal % refusalsKept),
  begins: ['DeliveriesRefused'],
  columns: ['position', 'workspace', 'path', 'triggerId', 'status', 'reason', 'last'],
  indexes: [['workspace'], ['triggerId']],
  evolve: {
    DeliveriesRefused: (_, { data: { trigger, ...data }, metadata, position }) => ({
      position,
      workspace: metadata.workspace,
      triggerId: trigger,
      ...data,
      correlationId: metadata.$correlationId,
    }),
  },
});
