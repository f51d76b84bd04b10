import type { DataOf } from '../domain/events.ts';
import type { QueueInvocation } from '../domain/invocation/commands.ts';
import { patienceOf, underWayAs } from '../routing/invocation-terms.ts';
import type { Reaction, ReactorViews } from '../routing/reactors/reactor.ts';
import { functionFor } from '../routing/registry-index.ts';
import type { Cause } from './command-sender.ts';
import type { Dispatcher } from './dispatcher.ts';
import { type OpenParts, partKey } from './replays/open-parts.ts';

type Repeat = Extract<Reaction, { readonly type: 'repeat' }>;
type Repeated = NonNullable<DataOf<'InvocationRetried'>['repeats']>;

export interface RepetitionsDeps {
  readonly views: Pick<ReactorViews, 'registry' | 'queue' | 'openOf'>;
  readonly dispatcher: Pick<Dispatcher, 'queue'>;
  readonly openParts: OpenParts;
}

const repetition = (
  { registry }: RepetitionsDeps['views'],
  { invocationId, repeats, triggerId }: Repeat,
  { functionId, arrivalId, triggerVersion, orderingKey, policy, timeoutMs, pinnedTo }: Repeated,
  workspace: string,
): QueueInvocation => {
  const trigger = registry.triggerById(triggerId);
  const target = functionFor(registry, { workspace, functionId });
  return {
    type: 'QueueInvocation',
    ...{ invocationId, triggerId, functionId, arrivalId, triggerVersion, orderingKey },
    ...(trigger && pinnedTo === undefined ? patienceOf(trigger, target) : { policy, timeoutMs }),
    ...(pinnedTo !== undefined && { pinnedTo }),
    retryOf: repeats,
    start: null,
  };
};

/** Queues what operators want repeated; where it is under way by then, it is recorded with its end. */
export const createRepetitions = ({ views, dispatcher, openParts }: RepetitionsDeps) => {
  const underWay = ({ invocationId, triggerId, arrivalId }: QueueInvocation) => {
    const asked = [...openParts.of(partKey(arrivalId, triggerId))];
    const recorded = views.openOf(triggerId);
    return [
      ...asked,
      ...recorded.filter((id) => views.queue.get(id)?.arrivalId === arrivalId),
    ].find((id) => id !== invocationId);
  };

  return async (reaction: Repeat, original: Repeated, cause: Cause): Promise<unknown> => {
    const command = repetition(views, reaction, original, cause.workspace);
    const of = { ...cause, correlationId: original.correlationId };
    const other = underWay(command);
    if (other !== undefined)
      return await dispatcher.queue({ ...command, cancel: underWayAs(other) }, of);
    openParts.repeat(command);
    const answer = await dispatcher.queue(command, of);
    if (answer === undefined) openParts.end(command);
    return answer;
  };
};
