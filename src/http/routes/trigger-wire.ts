import { z } from 'zod';
import type { TriggerEntry } from '../../../projections/registry.ts';
import { given } from '../../domain/given.ts';
import { TriggerChanges as Changes, Metadata } from '../../operations/trigger-form.ts';
import { isOverCapacity } from '../../routing/invocation-terms.ts';
import { owned, ownedOf, setByServer } from './owned-wire.ts';
import type { RouteDeps } from './route.ts';

/** Members of a trigger that a client may send back as it got them. */
const readOnly = {
  ...setByServer,
  status: z.unknown(),
  statusReason: z.unknown(),
  version: z.unknown(),
  isSystem: z.unknown(),
  startFrom: z.unknown(),
  catchUp: z.unknown(),
  queueSize: z.unknown(),
  overCapacity: z.unknown(),
  refused: z.unknown(),
  broken: z.unknown(),
  warnings: z.unknown(),
};

export const TriggerChanges = Changes.extend(readOnly).partial();
export type TriggerChanges = z.infer<typeof TriggerChanges>;

/** Of a trigger as it stands, not as it once stood. */
const now = {
  /** Events accepted and not yet dispatched. */
  queueSize: z.number().optional(),
  /** There are more of them than `queueCapacity`; they are kept, as `overflow` says. */
  overCapacity: z.boolean().optional(),
  /** Deliveries turned away since the server started, because the queue was full. */
  refused: z.number().optional(),
  catchUp: z
    .object({
      replayId: z.string(),
      status: z.enum(['requested', 'counting', 'running', 'paused', 'over']),
    })
    .optional()
    .describe('The replay of what it is given first. Until that is over, what arrives waits.'),
};

export const TriggerObject = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().optional(),
    functionId: z.string(),
    executionType: z.string(),
    triggerMetadata: Metadata,
    ...owned,
    /** `suspended`: by the system; accepted events wait either way. */
    status: z.enum(['active', 'stopped', 'suspended']),
    statusReason: z.string().optional(),
    version: z.number(),
    isSystem: z.boolean(),
    startFrom: z
      .object({ after: z.string(), upTo: z.string() })
      .optional()
      .describe('It is given first what arrived between these places in the log.'),
    ...now,
    /** What it is bound to and is not there, as a function that was deleted. */
    broken: z.string().optional(),
    /** What may come as a surprise, of the trigger itself or of a change just made. */
    warnings: z.array(z.string()).optional(),
  })
  .meta({ id: 'FunctionTrigger' });
export type TriggerObject = z.infer<typeof TriggerObject>;

export const triggerStatuses = {
  active: 'active',
  paused: 'stopped',
  suspended: 'suspended',
} as const;

/** As it is on record; `broken`: what it lacks. */
export const toRecordedTrigger = (
  entry: TriggerEntry,
  broken: string | undefined,
): TriggerObject => ({
  id: entry.triggerId,
  name: entry.name,
  ...(entry.description !== null && { description: entry.description }),
  functionId: entry.functionId,
  executionType: entry.executionType,
  triggerMetadata: entry.triggerMetadata,
  ...ownedOf(entry),
  status: triggerStatuses[entry.status],
  ...(entry.reason !== null && { statusReason: entry.reason }),
  version: entry.version,
  isSystem: entry.isSystem,
  ...(entry.startFrom && {
    startFrom: { after: entry.startFrom.after, upTo: entry.startFrom.upTo },
  }),
  ...given({ broken }),
});

const catchUpOf = (
  engine: Pick<RouteDeps['engine'], 'replayOf'>,
  { startFrom }: TriggerEntry,
): Pick<TriggerObject, 'catchUp'> => {
  if (startFrom === undefined) return {};
  const { replayId } = startFrom;
  const { status = 'over' } = engine.replayOf(replayId) ?? {};
  return { catchUp: { replayId, status: status === 'owed' ? 'requested' : status } };
};

export const toTrigger = (
  { engine, counters, operations }: Pick<RouteDeps, 'engine' | 'counters' | 'operations'>,
  entry: TriggerEntry,
): TriggerObject => ({
  ...toRecordedTrigger(entry, operations.triggers.troubleWith(entry)),
  queueSize: engine.backlog.sizeOf(entry.triggerId),
  overCapacity: isOverCapacity(entry, engine.backlog.sizeOf(entry.triggerId)),
  refused: counters.refusedOf(entry.triggerId),
  ...catchUpOf(engine, entry),
});
