import type { InvocationDocument } from '../../projections/invocations.ts';
import type { AskOptions } from '../actors/actors.ts';
import { endedInvocationAddress } from '../actors/addresses.ts';
import { isTriplineError, TriplineError } from '../domain/errors.ts';
import { type Envelope, isFact } from '../domain/events.ts';
import { invocationStream } from '../domain/ids.ts';
import type { InvocationState } from '../domain/invocation/decider.ts';
import { asPosition, type Position } from '../domain/position.ts';
import { readWhole } from '../log/whole-stream.ts';
import { otherUnderWay } from '../routing/invocation-terms.ts';
import type { RegistryIndex } from '../routing/registry-index.ts';
import type { OperationsDeps } from './deps.ts';
import { factsOf } from './invocation-facts.ts';
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

const openStatuses = ['queued', 'running', 'waiting'];

const isRepeatedBy = (id: string, status: string): TriplineError =>
  new TriplineError('conflict', `the invocation is repeated by ${id}, which is ${status}`);

interface Retried {
  /** The last repetition that was asked for. */
  readonly as: string | undefined;
  readonly position: Position | undefined;
  readonly revision: number | 'no_stream';
}

/** How often an operator has had it repeated stands in a stream of its name. */
const retriedSoFar = async (
  { store }: Pick<OperationsDeps, 'store'>,
  invocationId: string,
): Promise<Retried> => {
  const history = await readWhole(store, invocationStream(invocationId));
  const last = history.findLast((event) => isFact(event, 'InvocationRetried'));
  const revision = history.at(-1)?.revision ?? 'no_stream';
  return { as: last?.data.retriedAs, position: last?.position, revision };
};

/** A lane knows those that are open; what became of the others is for the view to say. */
const unlessOver = (error: unknown): void => {
  if (!isTriplineError(error, 'not-found')) throw error;
};

/** Whoever follows the log queues it right after it has seen that it is wanted, and the lane records it. */
const seen = async (
  deps: OperationsDeps,
  invocationId: string,
  position: Position | undefined,
): Promise<void> => {
  if (position !== undefined) await deps.engine.reached(position);
  const queued = await deps.engine.invocations.settled(invocationId);
  await visible(deps, position);
  await visible(deps, queued.position);
};

/** Between the looking and the queueing another one may have begun; whoever has the lane knows. */
const mustBeTheOne = async (
  { views }: Pick<OperationsDeps, 'views'>,
  invocationId: string,
): Promise<void> => {
  const document = await views.get('invocations', invocationId);
  const other = otherUnderWay(document?.status === 'cancelled' ? document.reason : null);
  if (other !== undefined) throw isRepeatedBy(other, 'under way');
};

const mustNotBeUnderWay = async (
  { views }: Pick<OperationsDeps, 'views'>,
  { arrivalId, triggerId }: InvocationDocument,
): Promise<void> => {
  const where = { arrivalId, triggerId, status: openStatuses };
  const query = { where, order: 'desc', limit: 1 } as const;
  const [open] = (await views.find('invocations', query)).documents;
  if (open !== undefined) throw isRepeatedBy(open.invocationId, open.status);
};

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
  /**
   * Repeats what has ended as a new invocation, whose id is the answer; `conflict` where it has not
   * ended, or where another one that repeats it has not.
   */
  async retry(
    document: InvocationDocument,
    as: As,
    envelope: Envelope,
    ifRevision?: AskOptions['ifRevision'],
  ): Promise<string> {
    const { invocationId } = document;
    const address = endedInvocationAddress(endedState(document));
    const before = await retriedSoFar(deps, invocationId);
    if (before.as !== undefined) await seen(deps, before.as, before.position);
    await mustNotBeUnderWay(deps, document);
    const repeats = whatIsRepeated(document, deps.engine.registry, as);
    const command = { type: 'RetryInvocation', repeats } as const;
    const at = { ifRevision: ifRevision ?? before.revision };
    const asked = deps.actors.ask(address, command, envelope, at);
    const { position, facts } = await asked.catch(async (error: unknown) => {
      if (!isTriplineError(error, 'precondition-failed')) throw error;
      const meanwhile = await retriedSoFar(deps, invocationId);
      throw isRepeatedBy(meanwhile.as ?? invocationId, 'under way');
    });
    const [retried] = facts;
    if (retried?.type !== 'InvocationRetried') throw new TypeError('a retry records what it is');
    const { retriedAs } = retried.data;
    await seen(deps, retriedAs, position);
    await mustBeTheOne(deps, retriedAs);
    return retriedAs;
  },
  /** The new invocation of a retry that was recorded there, as soon as it can be read. */
  async seen(invocationId: string, position: Position | undefined): Promise<void> {
    await seen(deps, invocationId, position);
    await mustBeTheOne(deps, invocationId);
  },
  factsOf: (document: InvocationDocument) => factsOf(deps, document),
});
