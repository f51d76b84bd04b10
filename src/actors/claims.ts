import type { ClaimedName } from '../domain/claim/machine.ts';
import type { Clock } from '../domain/clock.ts';
import { isTriplineError } from '../domain/errors.ts';
import type { Envelope } from '../domain/events.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Actors } from './actors.ts';
import { claimAddress } from './addresses.ts';
import { bearingOf } from './bearers.ts';
import type { Turns } from './turns.ts';

/** How long another process may take between claiming a name and registering what bears it. */
export const claimGraceMs = 60_000;

export interface ClaimsDeps {
  readonly actors: Actors;
  readonly store: Pick<EventStore, 'readStream' | 'exclusive'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Names taken and given back through a stream each, so that of many takers the store lets one win. */
export interface Claims {
  /** All of them or none. Refuses with `name-taken` or `path-taken`. */
  take(names: readonly ClaimedName[], holder: string, envelope: Envelope): Promise<void>;
  /** Never rejects: what could not be given back is taken over when somebody wants it. */
  release(names: readonly ClaimedName[], holder: string, envelope: Envelope): Promise<void>;
}

const isTaken = (error: unknown): boolean =>
  isTriplineError(error, 'name-taken') || isTriplineError(error, 'path-taken');

export const createClaims = ({ actors, store, clock }: ClaimsDeps, turns: Turns): Claims => {
  const ageOf = async (stream: string): Promise<number> => {
    const [last] = await store.readStream(stream, { direction: 'backwards', maxCount: 1 });
    return last === undefined ? 0 : clock.now() - Date.parse(last.metadata.occurredAt);
  };

  const release: Claims['release'] = async (names, holder, envelope) => {
    await Promise.allSettled(
      names.map((name) =>
        actors.ask(
          claimAddress(envelope.workspace, name),
          { type: 'ReleaseName', holder },
          envelope,
        ),
      ),
    );
  };

  /**
   * A crash between claim and registration, or between a change and the release, leaves a claim whose
   * holder does not bear the name. A retired holder never will; where this process is the only one,
   * neither will one that nobody here works for.
   */
  const releaseStale = async (name: ClaimedName, envelope: Envelope): Promise<void> => {
    const address = claimAddress(envelope.workspace, name);
    const { context } = (await actors.read(address)).state;
    const releaseIfStale = async (): Promise<void> => {
      const { bears, isRetired } = await bearingOf(actors, context);
      if (bears) return;
      const isStale = isRetired || store.exclusive || (await ageOf(address.stream)) > claimGraceMs;
      if (isStale) await release([name], context.holder, envelope);
    };
    await turns.between(context.holder, releaseIfStale, undefined);
  };

  const takeOne = async (name: ClaimedName, holder: string, envelope: Envelope): Promise<void> => {
    const address = claimAddress(envelope.workspace, name);
    const claim = () => actors.ask(address, { type: 'ClaimName', ...name, holder }, envelope);
    try {
      await claim();
    } catch (error) {
      if (!isTaken(error)) throw error;
      await releaseStale(name, envelope);
      await claim();
    }
  };

  /** What is likely to be refused is asked for first, so that a refusal leaves nothing to give back. */
  const heldFirst = async (
    names: readonly ClaimedName[],
    workspace: string,
  ): Promise<readonly ClaimedName[]> => {
    const claimed = await Promise.all(
      names.map(async (name) => ({
        name,
        free: (await actors.read(claimAddress(workspace, name))).state.value === 'free',
      })),
    );
    return claimed
      .toSorted((left, right) => Number(left.free) - Number(right.free))
      .map(({ name }) => name);
  };

  const take: Claims['take'] = async (names, holder, envelope) => {
    const taken: ClaimedName[] = [];
    for (const name of await heldFirst(names, envelope.workspace)) {
      try {
        await takeOne(name, holder, envelope);
      } catch (error) {
        await release(taken, holder, envelope);
        throw error;
      }
      taken.push(name);
    }
  };

  return { take, release };
};
