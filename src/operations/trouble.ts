import type { TriggerEntry } from '../../projections/registry.ts';
import { functionFor } from '../routing/registry-index.ts';
import type { WebhookConfig } from '../triggers/webhook.ts';
import type { OperationsDeps } from './deps.ts';

export type TroubleDeps = Pick<OperationsDeps, 'kinds' | 'schemes'> & {
  readonly engine: Pick<OperationsDeps['engine'], 'registry'>;
};

/** Its kind's schema has checked it before it was recorded. */
const schemeOf = ({ triggerMetadata }: TriggerEntry): string | undefined =>
  (triggerMetadata as Pick<WebhookConfig, 'signature'>).signature?.scheme;

/** Of a trigger, or of a draft that names a function. */
export const missingFunction = (
  registry: Parameters<typeof functionFor>[0],
  binding: Parameters<typeof functionFor>[1],
): string | undefined =>
  functionFor(registry, binding) === undefined
    ? `there is no function ${binding.functionId}`
    : undefined;

/**
 * What a trigger is bound to and is not there, whatever its status: it may have been deleted, or
 * never been. Nobody's default trigger is bound to anything.
 */
export const troubleWith = (
  { engine, kinds, schemes }: TroubleDeps,
  entry: TriggerEntry,
): string | undefined => {
  if (entry.isSystem) return undefined;
  const missing = missingFunction(engine.registry, entry);
  if (missing !== undefined) return missing;
  if (!kinds.has(entry.executionType)) return `there is no trigger kind ${entry.executionType}`;
  const scheme = schemeOf(entry);
  return scheme === undefined || schemes.has(scheme)
    ? undefined
    : `there is no signature scheme ${scheme}`;
};
