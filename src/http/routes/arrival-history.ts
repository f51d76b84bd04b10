import { z } from 'zod';
import { arrivalAddress } from '../../actors/addresses.ts';
import { isTriplineError } from '../../domain/errors.ts';
import { isFact, type Recorded } from '../../domain/events.ts';
import { arrivalStream } from '../../domain/ids.ts';
import type { Position } from '../../domain/position.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import { publishedIdOf } from '../../intake/publication.ts';
import { expiryOf } from '../../log/expiry-of.ts';
import { personOf } from './owned-wire.ts';
import { type ById, notFound, type RouteDeps, visible } from './route.ts';

type Arrived = StoredEvent & Recorded<'EventArrived'>;
type Deps = Pick<RouteDeps, 'store'>;

const isArrival = (event: StoredEvent): event is Arrived => isFact(event, 'EventArrived');

const streamOf = async (
  { store }: Deps,
  { slug, id }: ById,
): Promise<readonly StoredEvent[] | undefined> => {
  try {
    const history = await store.readStream(arrivalStream(id));
    return history[0]?.metadata.workspace === slug ? history : undefined;
  } catch (error) {
    if (!isTriplineError(error, 'stream-not-found')) throw error;
    return undefined;
  }
};

/** By its id in the log, or by the one its publisher gave it; what arrived comes first. */
export const historyOf = async (
  deps: Deps,
  { slug, id }: ById,
): Promise<readonly [Arrived, ...StoredEvent[]]> => {
  const history =
    (await streamOf(deps, { slug, id })) ??
    (await streamOf(deps, { slug, id: publishedIdOf(slug, 'events', id) }));
  const [arrival, ...later] = history ?? [];
  if (arrival === undefined || !isArrival(arrival)) throw notFound('event');
  return [arrival, ...later];
};

/** As the router has left it: what it has to say is asked for by the time the arrival is taken in. */
export const routed = async (deps: RouteDeps, { position, data }: Recorded<'EventArrived'>) => {
  await visible(deps, position);
  await visible(deps, await deps.engine.invocations.recorded());
  await deps.actors.read(arrivalAddress(data.arrivalId));
};

/** That its body is gone, and who wanted that. */
export const Forgotten = z
  .object({ at: z.string(), by: z.string(), reason: z.string().nullable() })
  .meta({ id: 'Forgotten' });

type Forgotten = z.infer<typeof Forgotten>;

const toForgotten = (
  { metadata }: Pick<StoredEvent, 'metadata'>,
  reason: string | undefined,
): Forgotten => ({
  at: metadata.occurredAt,
  by: personOf(metadata.actor),
  reason: reason ?? null,
});

/** The first time counts: that was when it went. */
export const forgottenIn = (history: readonly StoredEvent[]): Forgotten | null => {
  const fact = history.find((event) => isFact(event, 'PayloadForgotten'));
  return fact === undefined ? null : toForgotten(fact, fact.data.reason);
};

/** Because of its age; null where that is not on record. */
const expiredIn = async ({ store }: Deps, place: Position): Promise<Forgotten | null> => {
  const fact = await expiryOf(store, place);
  return fact === undefined ? null : toForgotten(fact, 'its age');
};

const isThere = async ({ store }: Deps, position: Position): Promise<boolean> => {
  const [part] = await store.readPayloads([{ position }], 1);
  return part !== undefined;
};

/** Null where the body is to be had. */
export const forgottenOf = async (
  deps: Deps,
  { position, data: { body } }: Arrived,
  history: readonly StoredEvent[],
): Promise<Forgotten | null> => {
  const byWish = forgottenIn(history);
  if (byWish !== null || 'encoding' in body || (await isThere(deps, position))) return byWish;
  return expiredIn(deps, position);
};
