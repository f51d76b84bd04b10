import { facts as definitions, type Envelope } from '../domain/events.ts';
import type { InvocationState } from '../domain/invocation/decider.ts';
import type { InvocationFact } from '../domain/invocation/machine.ts';
import type { SaltedBytes } from '../domain/salted-bytes.ts';
import type { NewEvent } from '../store/event-store.ts';
import { type FactToRecord, type RecordMetadata, recordOf } from '../store/record.ts';

/** What a lane decides at once: where its invocations stand after it, and what is to be recorded. */
export interface Turn {
  stateOf(invocationId: string): InvocationState | undefined;
  states(): Iterable<readonly [invocationId: string, state: InvocationState]>;
  add(
    invocationId: string,
    facts: readonly InvocationFact[],
    after: InvocationState,
    envelope: Envelope,
    /** The bytes that the first of the facts names. */
    payload?: SaltedBytes,
  ): void;
  /** One record per workspace; the same ones, with the same ids, however often they are asked for. */
  records(): readonly NewEvent[];
}

interface Share {
  readonly metadata: RecordMetadata;
  readonly facts: FactToRecord[];
}

type Own = { -readonly [Member in keyof RecordMetadata]?: RecordMetadata[Member] };

/** Of one record most facts are by one actor and of one moment; their stories differ. */
const ownOf = (
  { actor, occurredAt, $correlationId, causationId, idempotency }: Envelope,
  shared: RecordMetadata,
): Own => {
  const own: Own = {};
  if (actor !== shared.actor) own.actor = actor;
  if (occurredAt !== shared.occurredAt) own.occurredAt = occurredAt;
  if ($correlationId !== shared.$correlationId) own.$correlationId = $correlationId;
  if (causationId !== undefined) own.$causationId = causationId;
  if (idempotency !== undefined) own.idempotency = idempotency;
  return own;
};

export const createTurn = (newId: () => string): Turn => {
  const states = new Map<string, InvocationState>();
  const shares = new Map<string, Share>();
  let made: readonly NewEvent[] | undefined;

  const shareOf = ({ workspace, actor, occurredAt, $correlationId }: Envelope): Share => {
    const known = shares.get(workspace);
    if (known) return known;
    const share = { metadata: { workspace, actor, occurredAt, $correlationId }, facts: [] };
    shares.set(workspace, share);
    return share;
  };

  return {
    stateOf: (invocationId) => states.get(invocationId),
    states: () => states,
    add(invocationId, facts, after, envelope, payload) {
      states.set(invocationId, after);
      if (facts.length === 0) return;
      const share = shareOf(envelope);
      const own = ownOf(envelope, share.metadata);
      for (const [at, fact] of facts.entries()) {
        const { schemaVersion } = definitions[fact.type];
        share.facts.push({ fact, schemaVersion, own, payload: at === 0 ? payload : undefined });
      }
    },
    records() {
      made ??= [...shares.values()].map(({ facts, metadata }) =>
        recordOf(newId(), facts, metadata),
      );
      return made;
    },
  };
};
