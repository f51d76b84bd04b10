import type { Decider } from '../domain/decider.ts';
import { isTriplineError, TriplineError } from '../domain/errors.ts';
import { isKnown } from '../domain/events.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Standing } from './address.ts';

const pageSize = 1_000;

const readPage = async (
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  from: number,
): Promise<readonly StoredEvent[]> => {
  try {
    return await store.readStream(stream, { from, maxCount: pageSize });
  } catch (error) {
    if (isTriplineError(error, 'stream-not-found')) return [];
    throw error;
  }
};

/** A decision must not rest on half of what happened, so a fact of a later release is a refusal. */
const factIn = (event: StoredEvent) => {
  if (isKnown(event)) return event;
  throw new TriplineError(
    'corrupt-stream',
    `${event.stream}@${event.revision} holds ${event.type}, which this release does not know`,
  );
};

/** Where the entity stands according to all of its stream. */
export const loadStanding = async <State>(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  decider: Pick<Decider<State, never>, 'initialState' | 'evolve'>,
): Promise<Standing<State>> => {
  let standing: Standing<State> = {
    state: decider.initialState,
    revision: 'no_stream',
    position: undefined,
  };
  let from = 0;
  for (;;) {
    const page = await readPage(store, stream, from);
    for (const stored of page) {
      standing = {
        state: decider.evolve(standing.state, factIn(stored)),
        revision: stored.revision,
        position: stored.position,
      };
    }
    if (page.length < pageSize) return standing;
    from = Number(standing.revision) + 1;
  }
};
