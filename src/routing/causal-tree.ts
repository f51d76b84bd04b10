import type { Attempt, InvocationDocument } from '../../projections/invocations.ts';
import { isFact } from '../domain/events.ts';
import type { Source } from '../domain/facts/arrival-facts.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import { spanIdOf, traceParentIn } from '../domain/trace-context.ts';

interface Place {
  readonly id: string;
  /** What it came from, as far as that is known. */
  readonly parent: string | null;
}

export type Cause = Place &
  (
    | {
        readonly kind: 'command';
        readonly position: string;
        readonly at: string;
        readonly type: string;
        readonly entity: string;
        readonly actor: string;
      }
    | {
        readonly kind: 'arrival';
        readonly position: string;
        readonly at: string;
        readonly source: Source;
        readonly actor: string;
        /** As it came. */
        readonly traceparent: string | null;
      }
    | {
        readonly kind: 'invocation';
        readonly position: string;
        readonly at: string;
        readonly endedAt: string | null;
        readonly status: InvocationDocument['status'];
        readonly triggerId: string;
        readonly functionId: string;
        readonly retryOf: string | null;
      }
    | {
        readonly kind: 'attempt';
        readonly at: string;
        readonly endedAt: string | null;
        readonly status: Attempt['outcome'];
        readonly attempt: number;
        /** Of it in the trace that its function is told. */
        readonly spanId: string;
      }
  );

export type CausalNode = Cause & { readonly depth: number };

const attemptsOf = ({ invocationId, attempts }: InvocationDocument): readonly Cause[] =>
  attempts.map(({ attempt, attemptId, startedAt, endedAt, outcome }) => ({
    ...{ kind: 'attempt', id: attemptId, parent: invocationId, attempt },
    ...{ at: startedAt, endedAt, status: outcome, spanId: spanIdOf(invocationId, attempt) },
  }));

const invocationOf = (document: InvocationDocument, parent: string | null): Cause => ({
  ...{ kind: 'invocation', id: document.invocationId, parent, position: document.position },
  ...{ at: document.queuedAt, endedAt: document.finishedAt, status: document.status },
  ...{ triggerId: document.triggerId, functionId: document.functionId },
  retryOf: document.retryOf,
});

const commandOf = ({ id, type, position, metadata, ...event }: StoredEvent): Cause => ({
  ...{ kind: 'command', id, parent: null, position, at: metadata.occurredAt },
  ...{ type, entity: event.entity ?? event.stream, actor: metadata.actor },
});

/** Where what was published came from: the attempt whose span asked, or else what it says itself. */
const originsIn = (invocations: readonly InvocationDocument[]) => {
  const begun = new Map<string, string>();
  const bySpan = new Map<string, string>();
  for (const { invocationId, position, attempts } of invocations) {
    begun.set(invocationId, position);
    for (const { attempt, attemptId } of attempts) {
      bySpan.set(spanIdOf(invocationId, attempt), attemptId);
      begun.set(attemptId, position);
    }
  }
  return (event: StoredEvent): string | null => {
    if (!isFact(event, 'EventArrived')) return null;
    const { parent, causedBy } = event.data.trace ?? {};
    const span = parent === undefined ? undefined : traceParentIn(parent)?.spanId;
    const origin = bySpan.get(span ?? '') ?? causedBy;
    const since = origin === undefined ? undefined : begun.get(origin);
    // Whoever publishes may say anything; nothing comes from what came later.
    return origin !== undefined && since !== undefined && since < event.position ? origin : null;
  };
};

const placeIn = (cause: Cause): string => ('position' in cause ? cause.position : '');
const inLogOrder = (one: Cause, other: Cause): number => (placeIn(one) < placeIn(other) ? -1 : 1);

const isOfArrival = ({ type }: StoredEvent): boolean =>
  type === 'EventWithheld' || type === 'DeliveryRepeated' || type === 'PayloadForgotten';

const causesOf = (
  facts: readonly StoredEvent[],
  invocations: readonly InvocationDocument[],
): readonly Cause[] => {
  const originOf = originsIn(invocations);
  const arrivals = facts.flatMap((event): readonly (Cause & { kind: 'arrival' })[] => {
    if (!isFact(event, 'EventArrived')) return [];
    const { arrivalId, source, trace } = event.data;
    const { position, metadata } = event;
    return [
      {
        ...{ kind: 'arrival', id: arrivalId, parent: originOf(event), position, source },
        ...{ at: metadata.occurredAt, actor: metadata.actor, traceparent: trace?.parent ?? null },
      },
    ];
  });
  const known = new Set([
    ...arrivals.map(({ id }) => id),
    ...invocations.map(({ invocationId }) => invocationId),
  ]);
  const parentOf = ({ retryOf, arrivalId }: InvocationDocument): string | null => {
    if (retryOf !== null && known.has(retryOf)) return retryOf;
    return known.has(arrivalId) ? arrivalId : null;
  };
  const commands = facts.filter((event) => !isFact(event, 'EventArrived') && !isOfArrival(event));
  return [
    ...invocations.flatMap(attemptsOf),
    ...[
      ...commands.map(commandOf),
      ...arrivals,
      ...invocations.map((document) => invocationOf(document, parentOf(document))),
    ].sort(inLogOrder),
  ];
};

/**
 * Everything of one story, each behind what it came from: its facts but those of invocations, and
 * its invocations. A parent is always older than what came from it, so that this ends.
 */
export const causalTree = (
  facts: readonly StoredEvent[],
  invocations: readonly InvocationDocument[],
): readonly CausalNode[] => {
  const children = new Map<string | null, Cause[]>();
  for (const cause of causesOf(facts, invocations)) {
    const others = children.get(cause.parent) ?? [];
    others.push(cause);
    children.set(cause.parent, others);
  }
  const nodes: CausalNode[] = [];
  const open = (children.get(null) ?? []).map((cause) => ({ ...cause, depth: 0 })).reverse();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const depth = node.depth + 1;
    nodes.push(node);
    const next = (children.get(node.id) ?? []).map((cause) => ({ ...cause, depth }));
    open.push(...next.reverse());
  }
  return nodes;
};
