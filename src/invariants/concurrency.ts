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
 * Attempts that run at once, by function, and by trigger and function, as of the limits then. A
 * stopped trigger has a limit of none: what was accepted waits.
 */
export const concurrency: DefineInvariant = ({ register, invocations, owners }): Invariant => {
  if (owners === 'several') return {};
  const functions = new Map<string, Bound>();
  /** Of each trigger, by function. */
  const triggers = new Map<string, Map<string, Bound>>();

  const limitOfTrigger = (triggerId: string): number => {
    const trigger = register.triggers.get(triggerId);
    return trigger?.status === 'active' ? concurrencyOf(trigger) : 0;
  };
  const functionChanged = ({ data: { functionId } }: { data: { functionId: string } }): void => {
    const now = register.functions.get(functionId)?.concurrency ?? unlimited;
    const bound = functions.get(functionId);
    if (bound === undefined) functions.set(functionId, new Bound(now));
    else bound.limit = now;
  };

  const boundOf = (triggerId: string, functionId: string): Bound => {
    const branches = triggers.get(triggerId) ?? new Map<string, Bound>();
    triggers.set(triggerId, branches);
    const bound = branches.get(functionId) ?? new Bound(limitOfTrigger(triggerId));
    branches.set(functionId, bound);
    return bound;
  };
  /** A bound is there from when a function is bound to, since what its limit lets begin may come late. */
  const triggerChanged = ({ data: { triggerId } }: { data: { triggerId: string } }): void => {
    const functionId = register.triggers.get(triggerId)?.functionId;
    if (functionId !== undefined) boundOf(triggerId, functionId);
    for (const bound of triggers.get(triggerId)?.values() ?? []) {
      bound.limit = limitOfTrigger(triggerId);
    }
  };
  const boundsOf = (triggerId: string, functionId: string): readonly [string, Bound][] => {
    const target = functions.get(functionId);
    return [
      [`trigger ${triggerId}`, boundOf(triggerId, functionId)],
      ...(target === undefined ? [] : [[`function ${functionId}`, target] as [string, Bound]]),
    ];
  };

  const start = ({ data }: Recorded<'InvocationStarted'>, demand: Demand): void => {
    const { invocationId, triggerId } = data;
    const invocation = invocations.open.get(invocationId);
    if (invocation === undefined || invocation.running !== undefined) return;
    for (const [name, bound] of boundsOf(triggerId, invocation.queued.functionId)) {
      const fits = bound.add();
      const limits = `${name} runs ${bound.count} at once and may run ${bound.limit}`;
      demand(fits, `${invocationId} started though ${limits}`);
    }
  };

  const stop = ({ data: { invocationId, triggerId } }: AttemptEnd): void => {
    const invocation = invocations.open.get(invocationId);
    if (invocation?.running === undefined) return;
    for (const [, bound] of boundsOf(triggerId, invocation.queued.functionId)) bound.remove();
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
