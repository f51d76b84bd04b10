import { isTriplineError } from '../domain/errors.ts';
import { type DataOf, isFact } from '../domain/events.ts';
import { covers } from '../domain/expiry/decider.ts';
import { namedPayload } from '../domain/named-payload.ts';
import { asPosition, type Position } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { EventStore } from '../store/event-store.ts';

const pageSize = 500;

/** What a fact has beside the log. */
export interface BodyBeside {
  /** Whose body it is; an answer is nothing that anybody needs later. */
  readonly arrivalId: string | undefined;
  readonly place: Position;
  readonly size: number;
}

/** Undefined where a fact has none, or in itself. */
export const bodyBeside = (event: StoredEvent): BodyBeside | undefined => {
  const name = namedPayload(event);
  if (name === undefined) return undefined;
  const arrivalId = isFact(event, 'EventArrived') ? event.data.arrivalId : undefined;
  return { arrivalId, place: event.position, size: name.size };
};

/** The facts behind a place, page by page. */
export async function* factsBehind(
  { readAll }: Pick<EventStore, 'readAll'>,
  after: string,
): AsyncGenerator<StoredEvent> {
  let from = after;
  for (;;) {
    const start = from === '' ? 'start' : asPosition(from);
    const page = await readAll({ from: start, maxCount: pageSize });
    const behind = page.filter(({ position }) => position > from);
    if (behind.length === 0) return;
    yield* behind;
    from = behind.at(-1)?.position ?? from;
  }
}

/** Where the store keeps some as long as their records, the others go all the same. */
const forgetEach = async (
  { forgetPayloads }: Pick<EventStore, 'forgetPayloads'>,
  places: readonly Position[],
): Promise<void> => {
  for (const place of places) {
    await forgetPayloads([place]).catch((error: unknown) => {
      if (!isTriplineError(error, 'payload-not-forgettable')) throw error;
    });
  }
};

/** Takes away what a fact says is gone. Doing it twice does no more than doing it once. */
export const letExpire = async (
  store: Pick<EventStore, 'readAll' | 'forgetPayloads'>,
  expired: DataOf<'PayloadsExpired'>,
): Promise<void> => {
  const places = expired.also.map(asPosition);
  for await (const event of factsBehind(store, expired.after)) {
    if (event.position > expired.upTo) break;
    const body = bodyBeside(event);
    if (body !== undefined && covers(expired, body.place)) places.push(body.place);
  }
  await store.forgetPayloads(places).catch((error: unknown) => {
    if (!isTriplineError(error, 'payload-not-forgettable')) throw error;
    return forgetEach(store, places);
  });
};
