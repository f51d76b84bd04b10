import { ownWaits } from './own-waits.ts';
import type { Neighbour, Terms, Wait, Waiting } from './wait.ts';
import { causesOf } from './wait-causes.ts';

/**
 * What an invocation waited for, in order, as far as the log says: the neighbours that it could have
 * waited for, in the order of the log, and the terms as they changed. What took no time is left out.
 */
export const waitsOf = (
  waiting: Waiting,
  neighbours: readonly Neighbour[],
  terms: readonly Terms[],
  now: number,
): readonly Wait[] =>
  ownWaits(waiting.facts, now)
    .flatMap((own): readonly Wait[] =>
      own.for === 'start'
        ? causesOf(own, waiting, neighbours, terms)
        : [{ ...own, for: own.for, behind: [] }],
    )
    .filter(({ from, to }) => to > from);
