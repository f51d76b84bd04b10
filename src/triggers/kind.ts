import type { z } from 'zod';
import type { ErrorDetail } from '../domain/errors.ts';
import type { DataOf } from '../domain/events.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { BodyAtHand } from '../domain/payload.ts';
import type { RetryOverride } from '../domain/retry-policy.ts';
import type { Selector } from './selector.ts';

/** With its body at hand. */
export type Arrival = Readonly<Omit<DataOf<'EventArrived'>, 'body'>> & {
  readonly body: BodyAtHand;
};

/** What the rest of the system reads from a trigger's metadata, whatever its kind. */
export interface TriggerConfig {
  readonly params?: { readonly [key: string]: Json } | undefined;
  /** Invocations that may run at once; unlimited where it is left out. */
  readonly concurrency?: number | undefined;
  /** Accepted events that may wait for their first start; unlimited where it is left out. */
  readonly queueCapacity?: number | undefined;
  /** What becomes of an event beyond the capacity, where its sender is not told. */
  readonly overflow?: 'keep' | 'drop' | undefined;
  readonly orderingKey?: Selector | undefined;
  /** Of what reaches the trigger, what it wants; all of it where there is none. */
  readonly filter?: { readonly [language: string]: unknown } | undefined;
  /** What is sent to it must be like; anything where there is none. */
  readonly schema?: Json | undefined;
  readonly examples?: readonly { readonly payload: Json }[] | undefined;
  readonly retry?: RetryOverride | undefined;
  /** Takes the place of the function's own deadline. */
  readonly timeoutMs?: number | undefined;
}

/** How a body is sent. */
export interface BodyForms {
  /** As JSON text. */
  readonly json: string;
  readonly base64: () => string;
}

/** What filters know of where an arrival came from. */
export interface Origin {
  readonly source: string;
  readonly type: string;
}

/** JSON text each. */
export interface Presented {
  readonly executionParams: string;
  /** Null for kinds whose functions are given no `event`. */
  readonly eventMetadata: string | null;
}

/** Finds the keys that an arrival concerns, among those of one kind's triggers in one workspace. */
export interface KeyIndex {
  /** The first trigger listens at the key. */
  add(key: string): void;
  /** The last one is gone from there. */
  remove(key: string): void;
  /** Each key once; keys nobody listens at do no harm. Its cost must not grow with other keys. */
  matching(sourceKey: string): readonly string[];
}

/** A kind of event source that triggers bind functions to. Pure throughout. */
export interface TriggerKind<Config extends TriggerConfig = TriggerConfig> {
  /** The `executionType` of its triggers and the `source.kind` of its arrivals. */
  readonly kind: string;
  /** Of `triggerMetadata`: as people write it, and as the log has it with its secrets sealed. */
  readonly config: z.ZodType<Config>;
  /** An update's members over the stored ones, for kinds whose members replace one another. */
  merge?(stored: JsonObject, given: JsonObject): JsonObject;
  /**
   * What is wrong with a valid configuration at this time; `stored` is the present one of a trigger
   * that is changed.
   */
  untimely?(config: Config, stored: JsonObject | undefined, now: number): ErrorDetail | undefined;
  /** What its arrivals are matched by, within a workspace. */
  key(config: Config, triggerId: string): string;
  /** What filters know an arrival with that key by; the key and the kind where it is left out. */
  origin?(sourceKey: string): Origin;
  /** For kinds whose arrivals bear other keys than their triggers; else equal keys match. */
  readonly createIndex?: () => KeyIndex;
  /** Its arrivals are addressed to one trigger: none came before there was that trigger. */
  readonly hasNoPast?: true;
  /** Dotted paths below which every text is a secret; encrypted `params` come on top. */
  readonly secretPaths: readonly string[];
  /**
   * What the function gets of an arrival, whose body is there as it came and in the forms it is sent
   * in; `metadata` is the trigger's.
   */
  present(arrival: Arrival, body: BodyForms, metadata: JsonObject): Presented;
}

/** Beyond the schema a kind's configuration has no type: it has been through the schema before. */
export const defineKind = <Config extends TriggerConfig>(
  kind: TriggerKind<Config>,
): TriggerKind<Config> => kind;
