import { isTriplineError } from '../domain/errors.ts';
import type { Envelope } from '../domain/events.ts';
import type { Position } from '../domain/position.ts';
import type { EnginePort } from './deps.ts';
import { type HoldersDeps, holdersOf, type Renewal } from './secret-holders.ts';

/** What somebody else changes meanwhile is looked at again, this often. */
const maxRounds = 3;
const atOnce = 32;

/** How many current secrets of the workspace each key version holds. */
export const secretsByKeyVersion = (
  deps: HoldersDeps,
  workspace: string,
): ReadonlyMap<number, number> => {
  const counts = new Map<number, number>();
  for (const { secrets } of holdersOf(deps, workspace))
    for (const { keyVersion } of secrets) counts.set(keyVersion, (counts.get(keyVersion) ?? 0) + 1);
  return counts;
};

const latest = (left: Position | undefined, right: Position | undefined): Position | undefined =>
  left === undefined || (right !== undefined && right > left) ? right : left;

/**
 * Seals every current secret of the workspace with the newest key, each entity by one fact of its
 * own. Whoever is interrupted runs it again: what is done already is not touched. Former versions
 * keep the key they were sealed with.
 */
export const resealWorkspace = async (
  deps: HoldersDeps & { readonly engine: Pick<EnginePort, 'reached'> },
  envelope: Envelope,
) => {
  let resealed = 0;
  let position: Position | undefined;

  const perform = async (renewal: Renewal): Promise<void> => {
    try {
      position = latest(position, (await renewal(envelope)).position);
      resealed += 1;
    } catch (error) {
      if (!isTriplineError(error, 'precondition-failed')) throw error;
    }
  };

  for (let round = 0; round < maxRounds; round += 1) {
    const renewals = holdersOf(deps, envelope.workspace).flatMap(({ renewal }) => renewal() ?? []);
    if (renewals.length === 0) break;
    for (let at = 0; at < renewals.length; at += atOnce)
      await Promise.all(renewals.slice(at, at + atOnce).map(perform));
    if (position !== undefined) await deps.engine.reached(position);
  }
  return { resealed, position };
};
