import type { TriggerKind } from './kind.ts';
import { onDemand } from './on-demand.ts';
import { webhook } from './webhook.ts';

/** Every kind of trigger, by its `executionType`. */
export const triggerKinds: ReadonlyMap<string, TriggerKind> = new Map<string, TriggerKind>([
  [webhook.kind, webhook],
  [onDemand.kind, onDemand],
]);
