import type { InvocationDocument } from '../../projections/invocations.ts';
import type { AskOptions } from '../actors/actors.ts';
import { endedInvocationAddress } from '../actors/addresses.ts';
import { isTriplineError, TriplineError } from '../domain/errors.ts';
import type { Envelope } from '../domain/events.ts';
import { invocationStream } from '../domain/ids.ts';
import type { InvocationState } from '../domain/invocation/decider.ts';
import { asPosition } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { RegistryIndex } from '../routing/registry-index.ts';
import type { OperationsDeps } from './deps.ts';
import { visible } from './visible.ts';

/** An outcome stands for ever, so the view may be asked for it. */
const endedState = ({ status, ...document }: InvocationDocument): InvocationState => {
  if (status === 'queued' || status === 'running' || status === 'waiting')
    throw new TriplineError('conflict', `the invocation is ${status} and has not ended`);
  const { invocationId, triggerId, functionId, policy, attempt } = document;
  return {
    value: status,
    context: {
      ...{ invocationId, triggerId, functionId, policy, attempt },
      ...{ attemptId: null, used: attempt, retries: 0 },
    },
  };
};

/** Whether a repetition is sent what the trigger says now, or what it said then. */
export type As = 'now' | 'then';

const whatIsRepeated = (
  document: InvocationDocument,
  registry: Pick<RegistryIndex, 'triggerById'>,
  as: As,
) => {
  const { functionId, arrivalId, triggerVersion, orderingKey, timeoutMs } = document;
  const { policy, correlationId } = document;
  const then = { functionId, arrivalId, triggerVersion, orderingKey, timeoutMs };
  const repeated = { ...then, policy, correlationId };
  if (as === 'then') return { ...repeated, pinnedTo: triggerVersion };
  const trigger = registry.triggerById(document.triggerId);
  return trigger
    ? { ...repeated, functionId: trigger.functionId, triggerVersion: trigger.version }
    : repeated;
};

const asRetriedMeanwhile = (error: unknown): never => {
  if (!isTriplineError(error, 'precondition-failed')) throw error;
  throw new TriplineError('conflict', 'the invocation was retried or changed at the same time');
};

/** A lane knows those that are open; what became of the others is for the view to say. */
const unlessOver = (error: unknown): void => {
  if (!isTriplineError(error, 'not-found')) throw error;
};

const pageSize = 500;

/** What people ask of invocations. */
export const createInvocations = (deps: OperationsDeps) => ({
  /** Resolves once it is seen how the invocation stands, which may be that it has ended before. */
  async cancel(
    { invocationId, position }: InvocationDocument,
    reason: string,
    envelope: Envelope,
  ): Promise<void> {
    // A view may be ahead of the lane.
    await deps.engine.reached(asPosition(position));
    await deps.engine.invocations
      .ask(invocationId, { type: 'CancelInvocation', reason }, envelope)
      .then((asked) => visible(deps, asked.position), unlessOver);
  },
  /** Repeats what has ended as a new invocation; `conflict` where it has not ended. */
  async retry(
    document: InvocationDocument,
    as: As,
    envelope: Envelope,
    ifRevision?: AskOptions['ifRevision'],
  ): Promise<void> {
    const repeats = whatIsRepeated(document, deps.engine.registry, as);
    const command = { type: 'RetryInvocation', repeats } as const;
    const address = endedInvocationAddress(endedState(document));
    const asked = deps.actors.ask(address, command, envelope, { ifRevision });
    const { position } = await asked.catch(asRetriedMeanwhile);
    await visible(deps, position);
  },
  /** All that is recorded of it, in the order of the log. */
  async factsOf({
    invocationId,
    workspace,
    position,
    lastPosition,
  }: InvocationDocument): Promise<readonly StoredEvent[]> {
    const facts: StoredEvent[] = [];
    const toPosition = asPosition(lastPosition);
    let after: string | undefined;
    do {
      const page = await deps.views.audit(
        {
          ...{ workspace, entity: invocationStream(invocationId), order: 'asc', after },
          ...{ fromPosition: asPosition(position), toPosition, limit: pageSize },
        },
        toPosition,
      );
      facts.push(...page.events);
      after = page.next ?? undefined;
    } while (after !== undefined);
    return facts;
  },
});
