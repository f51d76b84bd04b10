import type { Actors, Answered } from '../actors/actors.ts';
import { arrivalAddress } from '../actors/addresses.ts';
import { OutcomeUnknown } from '../actors/outcome-unknown.ts';
import type { ArrivalState } from '../domain/arrival/decider.ts';
import type { Chance } from '../domain/chance.ts';
import { isoOf } from '../domain/clock.ts';
import { type DataOf, isFact } from '../domain/events.ts';
import type { ArrivalRequest, Source, Trace, Verification } from '../domain/facts/arrival-facts.ts';
import { arrivalIdOf } from '../domain/ids.ts';
import { nameOf, nameOfParts } from '../domain/payload-name.ts';
import type { Position } from '../domain/position.ts';
import { salted } from '../domain/salted-bytes.ts';
import type { Engine } from '../running/engine-deps.ts';
import type { EventStore } from '../store/event-store.ts';
import { isSameBody } from './same-body.ts';

export interface Delivery {
  readonly workspace: string;
  readonly actor: string;
  readonly receivedAt: number;
  readonly source: Source;
  readonly deliveryId: string | null;
  readonly request: ArrivalRequest | null;
  readonly verification: Verification | null;
  readonly rawBody: Buffer;
  /** The trigger that the sender is told has taken it. */
  readonly acceptedFor?: DataOf<'EventArrived'>['acceptedFor'];
  /** Gives back its place in the backlog; called where it turns out not to be recorded. */
  readonly giveBack?: () => void;
  /** Called once it is recorded, or known to have been before: nobody looks at its bytes any more. */
  readonly letGo?: () => void;
  readonly trace?: Trace | undefined;
  /** Where the id of the event is not made of its source and delivery id. */
  readonly arrivalId?: string;
  /** Where what is kept was made of what was sent: repetitions are compared by the latter. */
  readonly sentBody?: readonly Uint8Array[];
}

export interface Receipt {
  readonly arrivalId: string;
  readonly position: Position | undefined;
  /** Known before: whether it came with the same body. */
  readonly repeat: 'no' | 'same-body' | 'other-body';
}

export interface RecordingDeps {
  readonly actors: Pick<Actors, 'ask'>;
  readonly engine: Pick<Engine, 'decide' | 'untilKnown'>;
  readonly chance: Pick<Chance, 'newId' | 'bytes'>;
  readonly store: Pick<EventStore, 'readStream' | 'readPayloads'>;
}

const idOfDelivery = (
  { workspace, source, deliveryId }: Delivery,
  chance: Pick<Chance, 'newId'>,
): string =>
  deliveryId === null
    ? chance.newId()
    : arrivalIdOf(workspace, `${source.kind}/${source.key}`, deliveryId);

/**
 * Records an event as it came in; resolves when it is on disk. A delivery id known before leaves the
 * first event as it is and records the repetition.
 */
export const recordArrival = (
  { actors, chance, engine, store }: RecordingDeps,
  delivery: Delivery,
): Promise<Receipt> => {
  const { arrivalId = idOfDelivery(delivery, chance), source, deliveryId, request } = delivery;
  const { verification, acceptedFor, rawBody, sentBody } = delivery;
  const address = arrivalAddress(arrivalId);
  const envelope = {
    workspace: delivery.workspace,
    actor: delivery.actor,
    occurredAt: isoOf(delivery.receivedAt),
    $correlationId: delivery.trace?.correlationId ?? arrivalId,
  };
  const payload = salted(rawBody, chance);
  const noteRepeat = async ({ position }: Answered<ArrivalState>): Promise<Receipt> => {
    const [first] = await store.readStream(address.stream, { maxCount: 1 });
    const isKnown = first !== undefined && isFact(first, 'EventArrived');
    const sameBody = isKnown && (await isSameBody(store, first, sentBody ?? [rawBody]));
    const remote = request?.remote ?? null;
    await actors.ask(address, { type: 'NoteRepeat', sameBody, remote }, envelope);
    delivery.letGo?.();
    return { arrivalId, position, repeat: sameBody ? 'same-body' : 'other-body' };
  };
  const arrived = {
    arrivalId,
    source,
    deliveryId,
    request,
    verification,
    body: nameOf(payload),
    ...(sentBody && { sent: nameOfParts(payload.salt, sentBody) }),
    ...(acceptedFor !== undefined && { acceptedFor }),
    ...(delivery.trace !== undefined && { trace: delivery.trace }),
  };
  const decision = engine.decide({ ...arrived, body: rawBody }, delivery.workspace);
  const command = {
    type: 'RecordArrival',
    ...arrived,
    ...(decision && { decidedAt: decision.decidedAt, rides: decision.rides }),
  } as const;
  const settle = (isRecorded: boolean): void => {
    decision?.settle(isRecorded);
    if (!isRecorded) delivery.giveBack?.();
  };
  return actors.ask(address, command, envelope, { payload }).then(
    (answered) => {
      const isNew = answered.facts.length > 0;
      settle(isNew);
      if (!isNew) return noteRepeat(answered);
      delivery.letGo?.();
      return { arrivalId, position: answered.position, repeat: 'no' };
    },
    (error: unknown) => {
      // Its sender is told so; the slot and the place in the backlog are held until it is known.
      if (error instanceof OutcomeUnknown)
        void engine
          .untilKnown(error)
          .then((isStored) => isStored !== undefined && settle(isStored));
      else settle(false);
      throw error;
    },
  );
};
