import type { KeyObject } from 'node:crypto';
import type { FunctionEntry, TriggerEntry } from '../../projections/registry.ts';
import type { Clock } from '../domain/clock.ts';
import { isTriplineError } from '../domain/errors.ts';
import type { Trace } from '../domain/facts/arrival-facts.ts';
import type { Failure } from '../domain/facts/failure.ts';
import { unanswered } from '../domain/invocation/outcome.ts';
import type { LongBody } from '../domain/long-body.ts';
import type { BodyAtHand } from '../domain/payload.ts';
import { traceParentIn, traceParentOf } from '../domain/trace-context.ts';
import { functionFor, type RegistryIndex } from '../routing/registry-index.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import type { Call } from '../targets/target.ts';
import type { TriggerKinds } from '../triggers/index.ts';
import { invocationBody } from '../triggers/invocation-body.ts';
import type { TriggerKind } from '../triggers/kind.ts';
import { withBody } from '../triggers/with-body.ts';
import type { ArrivalAtHand, ArrivalMemory } from './arrival-memory.ts';
import { createCallSecrets } from './call-secrets.ts';
import { type SignedHeaders, signedHeaders, signedHeadersOfLong } from './signing.ts';
import type { Sent, Ticket } from './ticket.ts';
import type { TriggerVersions } from './trigger-versions.ts';

export type CallPlan =
  | { readonly call: Omit<Call, 'interrupter'> }
  | { readonly failure: Failure }
  | { readonly cancel: string };

export interface CallPlannerDeps {
  readonly registry: RegistryIndex;
  readonly kinds: TriggerKinds;
  readonly arrivals: ArrivalMemory;
  readonly arrivalIdOf: (invocationId: string) => string | undefined;
  readonly triggerAsOf: TriggerVersions;
  readonly sealing: KeyRing;
  readonly clock: Clock;
}

/** At once where the arrival is still in memory. */
export type PlanCall = (ticket: Ticket, attempt: number) => CallPlan | Promise<CallPlan>;

const userAgent = 'Tripline/0.1';

const failure = (kind: Failure['kind'], message: string): CallPlan => ({
  failure: unanswered(kind, message),
});

/** Member by member: copying with spread costs ten times as much on the hot path. */
const headersWith = (signed: SignedHeaders, correlationId: string) => ({
  'webhook-id': signed['webhook-id'],
  'webhook-timestamp': signed['webhook-timestamp'],
  'webhook-signature': signed['webhook-signature'],
  'content-type': 'application/json',
  'user-agent': userAgent,
  'idempotency-key': signed['webhook-id'],
  'x-correlation-id': correlationId,
});

/** The trace that the event came with goes on, and the attempt is a span of it. */
const traceHeaders = (
  { invocationId }: Ticket['info'],
  attempt: number,
  { parent, state }: Trace,
): Readonly<Record<string, string>> | undefined => {
  const known = parent === undefined ? undefined : traceParentIn(parent);
  if (known === undefined) return undefined;
  const traceparent = traceParentOf(known, invocationId, attempt);
  return state === undefined ? { traceparent } : { traceparent, tracestate: state };
};

/** What was recorded at its start, which is what was registered then. */
const sentTo = ({ sent }: Ticket, present: Sent, pinned: TriggerEntry | undefined): Sent => {
  const { trigger, target } = sent ?? present;
  return { trigger: pinned ?? trigger, target };
};

const callWith = (
  { invocationId, timeoutMs, correlationId }: Ticket['info'],
  { type, url }: FunctionEntry['target'],
  body: string | LongBody,
  traced: Readonly<Record<string, string>> | undefined,
  clock: Clock,
  keys: readonly KeyObject[],
): CallPlan | Promise<CallPlan> => {
  const now = clock.now();
  if (typeof body === 'string') {
    const bare = headersWith(signedHeaders(invocationId, now, body, keys), correlationId);
    const headers = traced === undefined ? bare : { ...bare, ...traced };
    return { call: { type, url, body, headers, timeoutMs } };
  }
  return signedHeadersOfLong(invocationId, now, body, keys, clock).then((signed) => {
    const bare = headersWith(signed, correlationId);
    const headers = { ...bare, ...traced, 'content-length': signed['content-length'] };
    return { call: { type, url, body, headers, timeoutMs } };
  });
};

/** Works out what an attempt sends: everything secret in it exists in memory only, and from here on. */
export const createCallPlanner = (deps: CallPlannerDeps): PlanCall => {
  const { registry, kinds, arrivals, clock } = deps;
  const { keysOf, paramsOf } = createCallSecrets(deps);

  const bodyOf = (
    { trigger, target: { send } }: Sent,
    kind: TriggerKind,
    ticket: Ticket,
    attempt: number,
    { arrival, isBodyOurs }: ArrivalAtHand,
    body: BodyAtHand,
  ) => {
    const { invocationId, functionId, workspace, replayId } = ticket.info;
    return invocationBody({
      kind,
      arrival: withBody(arrival.data, body),
      isBodyOurs,
      arrivedAt: arrival.metadata.occurredAt,
      trigger,
      functionId,
      send,
      workspace,
      invocationId,
      attempt,
      replayId,
      params: paramsOf(trigger),
    });
  };

  const planWith = (
    ticket: Ticket,
    attempt: number,
    atHand: ArrivalAtHand,
    body: BodyAtHand,
    pinned?: TriggerEntry,
  ): CallPlan | Promise<CallPlan> => {
    const { triggerId } = ticket.info;
    const presentTarget = functionFor(registry, ticket.info);
    if (presentTarget === undefined) return failure('function-not-found', 'function not found');
    const presentTrigger = registry.triggerById(triggerId);
    if (presentTrigger === undefined) return { cancel: 'trigger deleted' };
    const present = { trigger: presentTrigger, target: presentTarget };
    const { trigger, target } = sentTo(ticket, present, pinned);
    const kind = kinds.get(trigger.executionType);
    if (kind === undefined)
      return failure('internal', `there is no trigger kind ${trigger.executionType}`);
    try {
      const sent = bodyOf({ trigger, target }, kind, ticket, attempt, atHand, body);
      // A secret that was rotated since is no longer to be trusted to sign alone.
      const keys = keysOf(presentTarget);
      const { trace } = atHand.arrival.data;
      const traced = trace && traceHeaders(ticket.info, attempt, trace);
      return callWith(ticket.info, target.target, sent, traced, clock, keys);
    } catch (error) {
      if (!isTriplineError(error, 'secret-unreadable')) throw error;
      return failure('secret-unreadable', error.message);
    }
  };

  const plan = (
    ticket: Ticket,
    attempt: number,
    atHand: ArrivalAtHand,
    pinned?: TriggerEntry,
  ): CallPlan | Promise<CallPlan> =>
    atHand.body === undefined
      ? failure('payload-forgotten', 'the body was forgotten')
      : planWith(ticket, attempt, atHand, atHand.body, pinned);

  const planPinned = async (ticket: Ticket, attempt: number, arrivalId: string, to: number) => {
    const arrival = await arrivals.read(arrivalId);
    const pinned = await deps.triggerAsOf(ticket.info.triggerId, to);
    return pinned
      ? plan(ticket, attempt, arrival, pinned)
      : failure('internal', `the trigger never had version ${to}`);
  };

  return (ticket, attempt) => {
    const arrivalId = deps.arrivalIdOf(ticket.info.invocationId);
    if (arrivalId === undefined) return { cancel: 'the invocation is unknown' };
    const { pinnedTo } = ticket.info;
    if (pinnedTo !== undefined) return planPinned(ticket, attempt, arrivalId, pinnedTo);
    const kept = attempt === 1 ? arrivals.take(arrivalId) : undefined;
    if (kept !== undefined) return plan(ticket, attempt, kept);
    return arrivals.read(arrivalId).then((read) => plan(ticket, attempt, read));
  };
};
