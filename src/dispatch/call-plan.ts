import type { KeyObject } from 'node:crypto';
import type { FunctionEntry, TriggerEntry } from '../../projections/registry.ts';
import type { Clock } from '../domain/clock.ts';
import { isTriplineError, TriplineError } from '../domain/errors.ts';
import type { Failure, Sealed } from '../domain/events.ts';
import { unanswered } from '../domain/invocation/outcome.ts';
import type { Json } from '../domain/json.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import { openParams } from '../sealing/metadata.ts';
import { triggerKinds } from '../triggers/index.ts';
import { invocationBody } from '../triggers/invocation-body.ts';
import type { Arrival, ArrivalMemory } from './arrival-memory.ts';
import { functionFor, type RegistryIndex } from './registry-index.ts';
import { signedHeaders, signingKeyOf } from './signing.ts';
import type { Call } from './targets/target.ts';
import type { Ticket } from './ticket.ts';

export type CallPlan =
  | { readonly call: Omit<Call, 'interrupter'> }
  | { readonly failure: Failure }
  | { readonly cancel: string };

export interface CallPlannerDeps {
  readonly registry: RegistryIndex;
  readonly arrivals: ArrivalMemory;
  readonly arrivalIdOf: (invocationId: string) => string | undefined;
  readonly sealing: KeyRing;
  readonly clock: Clock;
}

/** At once where the arrival is still in memory. */
export type PlanCall = (ticket: Ticket, attempt: number) => CallPlan | Promise<CallPlan>;

const userAgent = 'Tripline/0.1';

const failure = (kind: Failure['kind'], message: string): CallPlan => ({
  failure: unanswered(kind, message),
});

/** Works out what an attempt sends: everything secret in it exists in memory only, and from here on. */
export const createCallPlanner = (deps: CallPlannerDeps): PlanCall => {
  const { registry, arrivals, sealing, clock } = deps;
  // By the sealed members themselves: what was opened lives as long as the registry entry it is of.
  const keys = new WeakMap<Sealed, KeyObject>();
  const opened = new WeakMap<object, Json>();

  const keyOf = (sealed: Sealed, { workspace, functionId }: FunctionEntry): KeyObject => {
    const known = keys.get(sealed);
    if (known) return known;
    const key = signingKeyOf(sealing.open(sealed, [workspace, functionId, 'signingSecret']));
    if (key === undefined) {
      throw new TriplineError('secret-unreadable', 'the signing secret has no known form');
    }
    keys.set(sealed, key);
    return key;
  };

  const keysOf = (target: FunctionEntry, now: number): readonly KeyObject[] => {
    const { signingSecret, previousSecret, previousUntil } = target;
    const overlaps = previousSecret && previousUntil && now < Date.parse(previousUntil);
    return overlaps
      ? [keyOf(signingSecret, target), keyOf(previousSecret, target)]
      : [keyOf(signingSecret, target)];
  };

  const paramsOf = ({ triggerMetadata, workspace, triggerId }: TriggerEntry): Json => {
    const known = opened.get(triggerMetadata);
    if (known) return known;
    const params = openParams(triggerMetadata, { workspace, triggerId, keyRing: sealing });
    opened.set(triggerMetadata, params);
    return params;
  };

  const bodyOf = (trigger: TriggerEntry, ticket: Ticket, attempt: number, arrival: Arrival) => {
    const kind = triggerKinds.get(trigger.executionType);
    if (kind === undefined) throw new TypeError(`there is no kind ${trigger.executionType}`);
    const { invocationId, functionId, workspace } = ticket.info;
    return invocationBody({
      kind,
      arrival: arrival.data,
      arrivedAt: arrival.metadata.occurredAt,
      trigger,
      functionId,
      workspace,
      invocationId,
      attempt,
      params: paramsOf(trigger),
    });
  };

  const plan = (ticket: Ticket, attempt: number, arrival: Arrival): CallPlan => {
    const { invocationId, triggerId, timeoutMs } = ticket.info;
    const target = functionFor(registry, ticket.info);
    if (target === undefined) return failure('function-not-found', 'function not found');
    const trigger = registry.triggerById(triggerId);
    if (trigger === undefined) return { cancel: 'trigger deleted' };
    const now = clock.now();
    try {
      const body = bodyOf(trigger, ticket, attempt, arrival);
      const signed = signedHeaders(invocationId, now, body, keysOf(target, now));
      // Member by member: copying with spread costs ten times as much on the hot path.
      const headers = {
        'webhook-id': signed['webhook-id'],
        'webhook-timestamp': signed['webhook-timestamp'],
        'webhook-signature': signed['webhook-signature'],
        'content-type': 'application/json',
        'user-agent': userAgent,
        'idempotency-key': invocationId,
      };
      return { call: { url: target.target.url, body, headers, timeoutMs } };
    } catch (error) {
      if (!isTriplineError(error, 'secret-unreadable')) throw error;
      return failure('secret-unreadable', error.message);
    }
  };

  return (ticket, attempt) => {
    const arrivalId = deps.arrivalIdOf(ticket.info.invocationId);
    if (arrivalId === undefined) return { cancel: 'the invocation is unknown' };
    const kept = attempt === 1 ? arrivals.take(arrivalId) : undefined;
    if (kept !== undefined) return plan(ticket, attempt, kept);
    return arrivals.read(arrivalId).then((arrival) => plan(ticket, attempt, arrival));
  };
};
