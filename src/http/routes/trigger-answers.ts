import type { FastifyReply } from 'fastify';
import type { StoredEvent } from '../../domain/recorded.ts';
import { createdEntry } from '../../views/created-entry.ts';
import { etagOf, notFound, type RouteDeps } from './route.ts';
import { type TriggerObject, toTrigger } from './trigger-wire.ts';

/** A broken trigger is possible, as its function may come later; whoever reads it is told. */
const withWarnings = (trigger: TriggerObject, others: readonly string[] = []): TriggerObject => {
  const { broken } = trigger;
  const ofItself = broken === undefined ? [] : [`${broken}: what it takes ends dead`];
  const warnings = [...ofItself, ...others];
  return warnings.length === 0 ? trigger : { ...trigger, warnings };
};

/** What was answered when the trigger was created: nothing had come for it yet. */
export const asCreated = (
  deps: RouteDeps,
  first: StoredEvent,
  reply: FastifyReply,
): TriggerObject => {
  reply.header('etag', etagOf(first.revision));
  const entry = createdEntry('trigger', first);
  return withWarnings({ ...toTrigger(deps, entry), queueSize: 0, refused: 0 });
};

/** The trigger as it stands now, with its tag. */
export const showTrigger = (
  deps: RouteDeps,
  id: string,
  reply: FastifyReply,
  warnings?: readonly string[],
): TriggerObject => {
  const entry = deps.engine.registry.triggerById(id);
  if (!entry) throw notFound('trigger');
  reply.header('etag', etagOf(entry.revision));
  return withWarnings(toTrigger(deps, entry), warnings);
};
