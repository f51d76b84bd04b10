import type { FunctionEntry, TriggerEntry } from '../../projections/registry.ts';
import { resolvePolicy } from '../domain/invocation/policy.ts';
import { defaultTimeoutMs, type RetryPolicy } from '../domain/retry-policy.ts';
import type { TriggerConfig } from '../triggers/kind.ts';
import { orderingKeyOf } from '../triggers/ordering-key.ts';
import type { Selectable } from '../triggers/selector.ts';

/** What is fixed for an invocation when it is queued. */
export interface InvocationTerms {
  readonly orderingKey: string | null;
  readonly policy: RetryPolicy;
  readonly timeoutMs: number;
}

/** Its kind's schema has checked it before it was recorded. */
const configOf = ({ triggerMetadata }: TriggerEntry): TriggerConfig =>
  triggerMetadata as TriggerConfig;

/** How many invocations of the trigger may run at once. */
export const concurrencyOf = (trigger: TriggerEntry): number =>
  configOf(trigger).concurrency ?? Number.POSITIVE_INFINITY;

/** How many accepted events may wait for their first start. */
export const capacityOf = (trigger: TriggerEntry): number =>
  configOf(trigger).queueCapacity ?? Number.POSITIVE_INFINITY;

/** Whether an event that finds no room ends there; its sender is not told. */
export const dropsSurplus = (trigger: TriggerEntry): boolean =>
  configOf(trigger).overflow === 'drop';

/** Possible only where what has no room is kept all the same. */
export const isOverCapacity = (trigger: TriggerEntry, waiting: number): boolean =>
  configOf(trigger).overflow === 'keep' && waiting > capacityOf(trigger);

type Patience = Pick<InvocationTerms, 'policy' | 'timeoutMs'>;

/** Entries are replaced when they change, so what follows from a pair of them is worked out once. */
const worked = new WeakMap<TriggerEntry, { readonly target: unknown; readonly result: Patience }>();

export const patienceOf = (trigger: TriggerEntry, target: FunctionEntry | undefined): Patience => {
  const known = worked.get(trigger);
  if (known !== undefined && known.target === target) return known.result;
  const result = {
    policy: resolvePolicy(target?.retry, configOf(trigger).retry),
    timeoutMs: configOf(trigger).timeoutMs ?? target?.timeoutMs ?? defaultTimeoutMs,
  };
  worked.set(trigger, { target, result });
  return result;
};

/** Whether the body of an arrival has a say in whether and how it is queued. */
export const asksForBody = (trigger: TriggerEntry): boolean => {
  const { orderingKey, filter } = configOf(trigger);
  if (filter !== undefined) return true;
  return orderingKey !== undefined && 'pointer' in orderingKey;
};

export const termsOf = (
  trigger: TriggerEntry,
  target: FunctionEntry | undefined,
  arrival: Selectable,
): InvocationTerms => {
  const { policy, timeoutMs } = patienceOf(trigger, target);
  return { orderingKey: orderingKeyOf(configOf(trigger), arrival), policy, timeoutMs };
};

const underWay = 'under way as ';

/** Why a repetition ended at once, which somebody else had begun. */
export const underWayAs = (invocationId: string): string => `${underWay}${invocationId}`;

/** The other one, where that is why. */
export const otherUnderWay = (reason: string | null): string | undefined =>
  reason?.startsWith(underWay) ? reason.slice(underWay.length) : undefined;
