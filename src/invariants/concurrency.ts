import type { Recorded } from '../domain/events.ts';
import { Bound } from './bound.ts';
import type { DefineInvariant, Demand, Invariant } from './invariant.ts';
import type { Trigger } from './register.ts';

const unlimited = Number.POSITIVE_INFINITY;

/** As its kind's schema has let it into the log. */
const concurrencyOf = ({ metadata }: Trigger): number =>
  (metadata as { readonly concurrency?: number }).concurrency ?? unlimited;

type AttemptEnd = Recorded<
  | 'InvocationFailed'
  | 'AttemptLost'
  | 'InvocationSucceeded'
  | 'InvocationDeadLettered'
  | 'InvocationCancelled'
>;

/**
 * Attempts that run at once, by function and by trigger, as of the limits then. A stopped trigger
 * has a limit of none: what was accepted waits.
 */
export const concurrency: DefineInvariant = ({ register, invocations, owners }): Invariant => {
  if (owners === 'several') return {};
  const bounds = new Map<string, Bound>();

  const limit = (key: string, now: number): void => {
    const bound = bounds.get(key);
    if (bound === undefined) bounds.set(key, new Bound(now));
    else bound.limit = now;
  };
  const triggerChanged = ({ data: { triggerId } }: { data: { triggerId: string } }): void => {
    const trigger = register.triggers.get(triggerId);
    const now = trigger?.status === 'active' ? concurrencyOf(trigger) : 0;
    limit(`trigger ${triggerId}`, now);
  };
  const functionChanged = ({ data: { functionId } }: { data: { functionId: string } }): void =>
    limit(`function ${functionId}`, register.functions.get(functionId)?.concurrency ?? unlimited);

  const start = ({ data }: Recorded<'InvocationStarted'>, demand: Demand): void => {
    const { invocationId, triggerId } = data;
    const invocation = invocations.open.get(invocationId);
    if (invocation === undefined || invocation.running !== undefined) return;
    for (const key of [`trigger ${triggerId}`, `function ${invocation.queued.functionId}`]) {
      const bound = bounds.get(key);
      const fits = bound?.add() ?? true;
      const limits = `${key} runs ${bound?.count} at once and may run ${bound?.limit}`;
      demand(fits, `${invocationId} started though ${limits}`);
    }
  };

  const stop = ({ data: { invocationId, triggerId } }: AttemptEnd): void => {
    const invocation = invocations.open.get(invocationId);
    if (invocation?.running === undefined) return;
    bounds.get(`trigger ${triggerId}`)?.remove();
    bounds.get(`function ${invocation.queued.functionId}`)?.remove();
  };

  return {
    on: {
      FunctionRegistered: functionChanged,
      FunctionRevised: functionChanged,
      FunctionRetired: functionChanged,
      TriggerRegistered: triggerChanged,
      TriggerRevised: triggerChanged,
      TriggerPaused: triggerChanged,
      TriggerResumed: triggerChanged,
      TriggerSuspended: triggerChanged,
      TriggerRetired: triggerChanged,
      InvocationStarted: start,
      InvocationFailed: stop,
      AttemptLost: stop,
      InvocationSucceeded: stop,
      InvocationDeadLettered: stop,
      InvocationCancelled: stop,
    },
  };
};
