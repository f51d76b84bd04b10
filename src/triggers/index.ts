import { type Catalogue, createCatalogue } from '../domain/catalogue.ts';
import { event } from './event.ts';
import { eventDriven } from './event-driven.ts';
import type { TriggerKind } from './kind.ts';
import { message } from './message.ts';
import { onDemand } from './on-demand.ts';
import { scheduled } from './scheduled.ts';
import { webhook } from './webhook.ts';

/** Every kind of trigger that is built in. */
const builtIn: readonly TriggerKind[] = [webhook, onDemand, eventDriven, event, message, scheduled];

/** Kinds by their `executionType`. */
export type TriggerKinds = ReadonlyMap<string, TriggerKind>;

export const createTriggerKinds = (): Catalogue<TriggerKind> =>
  createCatalogue(({ kind }) => kind, builtIn);

export const triggerKinds: TriggerKinds = createTriggerKinds().known;
