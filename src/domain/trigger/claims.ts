import type { ClaimedName } from '../claim/machine.ts';
import type { DataOf } from '../events.ts';
import { webhookKey } from './webhook-path.ts';

type Definition = Pick<DataOf<'TriggerRegistered'>, 'name' | 'executionType' | 'triggerMetadata'>;

/** What no two triggers of a workspace may have at the same time. */
export const triggerClaims = ({
  name,
  executionType,
  triggerMetadata: { path },
}: Definition): readonly ClaimedName[] => {
  const names: readonly ClaimedName[] = [{ kind: 'trigger-name', name }];
  if (executionType !== 'webhook' || typeof path !== 'string') return names;
  return [...names, { kind: 'webhook-path', name: webhookKey(path) }];
};
