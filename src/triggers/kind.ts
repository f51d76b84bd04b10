import type { z } from 'zod';
import type { DataOf } from '../domain/events.ts';
import type { Json } from '../domain/json.ts';
import type { RetryOverride } from '../domain/retry-policy.ts';
import type { Selector } from './selector.ts';

export type Arrival = Readonly<DataOf<'EventArrived'>>;

/** What the rest of the system reads from a trigger's metadata, whatever its kind. */
export interface TriggerConfig {
  readonly params?: { readonly [key: string]: Json } | undefined;
  /** Invocations that may run at once; unlimited where it is left out. */
  readonly concurrency?: number | undefined;
  /** Accepted events that may wait for their first start; unlimited where it is left out. */
  readonly queueCapacity?: number | undefined;
  readonly orderingKey?: Selector | undefined;
  readonly retry?: RetryOverride | undefined;
  /** Takes the place of the function's own deadline. */
  readonly timeoutMs?: number | undefined;
}

/** A kind of event source that triggers bind functions to. Pure throughout. */
export interface TriggerKind<Config extends TriggerConfig = TriggerConfig> {
  /** The `executionType` of its triggers and the `source.kind` of its arrivals. */
  readonly kind: string;
  /** Of `triggerMetadata`: as people write it, and as the log has it with its secrets sealed. */
  readonly config: z.ZodType<Config>;
  /** What its arrivals are matched by, within a workspace. */
  key(config: Config, triggerId: string): string;
  /** Dotted paths below which every text is a secret; encrypted `params` come on top. */
  readonly secretPaths: readonly string[];
  /** JSON text: what the function gets as `executionParams`. */
  executionParams(arrival: Arrival): string;
  /** JSON text of `event.metadata`, for kinds whose functions also get the `event`. */
  readonly eventMetadata?: (arrival: Arrival) => string;
}

/** Beyond the schema a kind's configuration has no type: it has been through the schema before. */
export const defineKind = <Config extends TriggerConfig>(
  kind: TriggerKind<Config>,
): TriggerKind<Config> => kind;
