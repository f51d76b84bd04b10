import { TriplineError } from '../domain/errors.ts';
import { latest, type Position } from '../domain/position.ts';
import { within } from '../running/within.ts';
import type { OperationsDeps } from './deps.ts';

/** What was answered with success is seen by every read that follows. */
export const visible = async (
  { engine, views }: Pick<OperationsDeps, 'engine' | 'views'>,
  position: Position | undefined,
): Promise<void> => {
  if (position === undefined) return;
  await Promise.all([engine.reached(position), views.reached(position)]);
};

const patienceMs = 5_000;

/**
 * How far a read has to look that comes after what was answered here so far, with all that was made
 * of it since: an accepted event is followed by its invocations. Undefined where nothing was
 * answered yet. Rejects with `store-unavailable` where that takes too long.
 */
export const answeredSoFar = async ({
  engine,
  actors,
  clock,
}: Pick<OperationsDeps, 'engine' | 'actors' | 'clock'>): Promise<Position | undefined> => {
  const answered = actors.acknowledged;
  if (answered === undefined) return undefined;
  let position = answered;
  // The engine has asked for all that follows when it has passed the place; then it is recorded.
  const follow = async (): Promise<void> => {
    await engine.reached(answered);
    const [recorded] = await Promise.all([engine.invocations.recorded(), actors.settled()]);
    position = latest(recorded, actors.acknowledged, answered);
  };
  if (await within(clock, patienceMs, follow())) return position;
  throw new TriplineError('store-unavailable', 'what was accepted is not recorded in full yet');
};

/** Resolves when the views show all that is on record here, also by a process before this one, and what is made of it. */
export const seenSoFar = async (
  deps: Pick<OperationsDeps, 'engine' | 'actors' | 'clock' | 'views'>,
): Promise<void> => {
  const answered = await answeredSoFar(deps);
  await deps.views.reached(latest(answered, deps.engine.position));
};
