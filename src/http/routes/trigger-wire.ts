import { z } from 'zod';
import type { TriggerEntry } from '../../../projections/registry.ts';
import { isOverCapacity } from '../../dispatch/invocation-terms.ts';
import { triggerKinds } from '../../triggers/index.ts';
import type { RouteDeps } from './route.ts';

/** Ids of functions may come from elsewhere, so only their shape is checked. */
export const FunctionId = z
  .string('must be a function id')
  .regex(/^[0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{12}$/i, 'must have the shape 8-4-4-4-12');

const kinds = [...triggerKinds.keys()];
export const ExecutionType = z.enum(kinds, { error: `must be one of ${kinds.join(', ')}` });
export const Name = z.string('must be a string').min(1, 'must not be empty').max(256);
export const Description = z.string('must be a string').max(4_096).nullable();
/** Its kind's own schema looks inside. */
export const Metadata = z.record(z.string(), z.unknown(), 'must be an object');

export const NewTrigger = z.strictObject({
  name: Name,
  description: Description.default(null),
  functionId: FunctionId,
  executionType: ExecutionType,
  triggerMetadata: Metadata.default({}),
});

/** Members of a trigger that a client may send back as it got them. */
const readOnly = {
  id: z.unknown(),
  workspaceSlug: z.unknown(),
  createdBy: z.unknown(),
  updatedBy: z.unknown(),
  createdAt: z.unknown(),
  updatedAt: z.unknown(),
  status: z.unknown(),
  statusReason: z.unknown(),
  version: z.unknown(),
  isSystem: z.unknown(),
  queueSize: z.unknown(),
  overCapacity: z.unknown(),
  refused: z.unknown(),
};

export const TriggerChanges = z
  .strictObject({
    name: Name,
    description: Description,
    triggerMetadata: Metadata,
    /** Fixed at creation: only their present values are accepted. */
    functionId: z.string(),
    executionType: z.string(),
    ...readOnly,
  })
  .partial();

export const TriggerObject = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().optional(),
    functionId: z.string(),
    executionType: z.string(),
    triggerMetadata: Metadata,
    workspaceSlug: z.string(),
    createdBy: z.string(),
    updatedBy: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    /** `suspended`: by the system; accepted events wait either way. */
    status: z.enum(['active', 'stopped', 'suspended']),
    statusReason: z.string().optional(),
    version: z.number(),
    isSystem: z.boolean(),
    /** Events accepted and not yet dispatched. */
    queueSize: z.number(),
    /** There are more of them than `queueCapacity`; they are kept, as `overflow` says. */
    overCapacity: z.boolean(),
    /** Deliveries turned away since the server started, because the queue was full. */
    refused: z.number(),
  })
  .meta({ id: 'FunctionTrigger' });
export type TriggerObject = z.infer<typeof TriggerObject>;

export const triggerStatuses = {
  active: 'active',
  paused: 'stopped',
  suspended: 'suspended',
} as const;

/** People by the `sub` of their token; the system's own parts keep their prefix. */
export const personOf = (actor: string): string =>
  actor.startsWith('user:') ? actor.slice('user:'.length) : actor;

export const toTrigger = (
  { engine, counters }: Pick<RouteDeps, 'engine' | 'counters'>,
  entry: TriggerEntry,
): TriggerObject => ({
  id: entry.triggerId,
  name: entry.name,
  ...(entry.description !== null && { description: entry.description }),
  functionId: entry.functionId,
  executionType: entry.executionType,
  triggerMetadata: entry.triggerMetadata,
  workspaceSlug: entry.workspace,
  createdBy: personOf(entry.createdBy),
  updatedBy: personOf(entry.updatedBy),
  createdAt: entry.createdAt,
  updatedAt: entry.updatedAt,
  status: triggerStatuses[entry.status],
  ...(entry.reason !== null && { statusReason: entry.reason }),
  version: entry.version,
  isSystem: entry.isSystem,
  queueSize: engine.backlog.sizeOf(entry.triggerId),
  overCapacity: isOverCapacity(entry, engine.backlog.sizeOf(entry.triggerId)),
  refused: counters.refusedOf(entry.triggerId),
});
