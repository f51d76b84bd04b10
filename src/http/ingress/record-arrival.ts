import { hash } from 'node:crypto';
import type { Actors, Answered } from '../../actors/actors.ts';
import { arrivalAddress } from '../../actors/addresses.ts';
import type { ArrivalState } from '../../domain/arrival/decider.ts';
import { isoOf } from '../../domain/clock.ts';
import type { ArrivalRequest, Source, Verification } from '../../domain/events.ts';
import { arrivalIdOf, newId } from '../../domain/ids.ts';
import { payloadOf } from '../../domain/payload.ts';
import type { Position } from '../../domain/position.ts';

export interface Delivery {
  readonly workspace: string;
  readonly actor: string;
  readonly receivedAt: number;
  readonly source: Source;
  readonly deliveryId: string | null;
  readonly request: ArrivalRequest | null;
  readonly verification: Verification | null;
  readonly rawBody: Buffer;
  /** Where the id of the event is not made of its source and delivery id. */
  readonly arrivalId?: string;
  /** Where what is kept was made of what was sent: repetitions are compared by the latter. */
  readonly sentBody?: Buffer;
}

export interface Receipt {
  readonly arrivalId: string;
  readonly position: Position | undefined;
  /** Known before: whether it came with the same body. */
  readonly repeat: 'no' | 'same-body' | 'other-body';
}

const idOfDelivery = ({ workspace, source, deliveryId }: Delivery): string =>
  deliveryId === null
    ? newId()
    : arrivalIdOf(workspace, `${source.kind}/${source.key}`, deliveryId);

/**
 * Records an event as it came in; resolves when it is on disk. A delivery id known before leaves the
 * first event as it is and records the repetition.
 */
export const recordArrival = (actors: Actors, delivery: Delivery): Promise<Receipt> => {
  const { arrivalId = idOfDelivery(delivery), source, deliveryId, request } = delivery;
  const { verification, rawBody, sentBody = rawBody } = delivery;
  const bodySha256 = hash('sha256', sentBody, 'hex');
  const address = arrivalAddress(arrivalId);
  const envelope = {
    workspace: delivery.workspace,
    actor: delivery.actor,
    occurredAt: isoOf(delivery.receivedAt),
    $correlationId: arrivalId,
  };
  const body = payloadOf(rawBody);
  const noteRepeat = async ({ state, position }: Answered<ArrivalState>): Promise<Receipt> => {
    const sameBody = state.context.bodySha256 === bodySha256;
    const remote = request?.remote ?? null;
    await actors.ask(address, { type: 'NoteRepeat', sameBody, remote }, envelope);
    return { arrivalId, position, repeat: sameBody ? 'same-body' : 'other-body' };
  };
  const command = {
    type: 'RecordArrival',
    arrivalId,
    source,
    deliveryId,
    request,
    verification,
    body,
    bodySha256,
  } as const;
  return actors
    .ask(address, command, envelope)
    .then((answered) =>
      answered.facts.length > 0
        ? { arrivalId, position: answered.position, repeat: 'no' }
        : noteRepeat(answered),
    );
};
