import type { BodyBeside, FoundAnswer, FoundFailure } from '../../../projections/bounded.ts';
import { boundedPayload } from '../../../projections/bounded.ts';
import type { Attempt } from '../../../projections/invocations.ts';
import { failureLimit } from '../../../projections/invocations.ts';
import type { Payload } from '../../domain/payload.ts';
import { payloadOf } from '../../domain/payload-of.ts';
import { asPosition } from '../../domain/position.ts';
import { readPayload } from '../../log/payload-reader.ts';
import type { RouteDeps } from './route.ts';

type Deps = Pick<RouteDeps, 'store'>;

/** As many characters as are wanted; null where it was forgotten, or there was none. */
const shownBody = async (
  { store }: Deps,
  body: Payload | BodyBeside | null,
  most: number,
): Promise<Payload | null> => {
  if (body === null || 'content' in body) return body;
  const { at, ...name } = body;
  const bytes = await readPayload(store, asPosition(at), name);
  if (bytes === undefined) return null;
  const payload = payloadOf(bytes);
  return payload.content.length > most ? boundedPayload(payload, most) : payload;
};

/** With all that was kept of it. */
export const shownAnswer = async (deps: Deps, answer: FoundAnswer) => ({
  ...answer,
  body: await shownBody(deps, answer.body, Number.POSITIVE_INFINITY),
});

export const shownFailure = async (
  deps: Deps,
  failure: FoundFailure,
  most = Number.POSITIVE_INFINITY,
) => ({ ...failure, body: await shownBody(deps, failure.body, most) });

/** In bytes, of all attempts together. */
const mostShown = 1_048_576;

const sizeBeside = (failure: FoundFailure | null): number =>
  failure?.body && 'size' in failure.body ? failure.body.size : 0;

/** What long answers the last ones got are shown in full, as far as there is room; of others the beginning. */
export const shownAttempts = async (deps: Deps, attempts: readonly Attempt[]) => {
  const shown = [];
  let room = mostShown;
  for (const attempt of attempts.toReversed()) {
    const { failure } = attempt;
    const size = sizeBeside(failure);
    const most = size <= room ? Number.POSITIVE_INFINITY : failureLimit;
    room -= Math.min(size, room);
    shown.push({ ...attempt, failure: failure && (await shownFailure(deps, failure, most)) });
  }
  return shown.reverse();
};
