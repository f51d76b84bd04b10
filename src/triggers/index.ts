import { event } from './event.ts';
import { eventDriven } from './event-driven.ts';
import type { TriggerKind } from './kind.ts';
import { message } from './message.ts';
import { onDemand } from './on-demand.ts';
import { scheduled } from './scheduled.ts';
import { webhook } from './webhook.ts';

/** Every kind of trigger, by its `executionType`. */
export const triggerKinds: ReadonlyMap<string, TriggerKind> = new Map<string, TriggerKind>([
  [webhook.kind, webhook],
  [onDemand.kind, onDemand],
  [eventDriven.kind, eventDriven],
  [event.kind, event],
  [message.kind, message],
  [scheduled.kind, scheduled],
]);
