import { isTriplineError, type TriplineError } from '../domain/errors.ts';
import type { Envelope, Fact } from '../domain/events.ts';
import type { Appended, EventStore, NewEvent } from '../store/event-store.ts';
import type { Address, Standing } from './address.ts';
import { appendOnce } from './append-once.ts';
import { decide } from './decision.ts';
import { createMailboxes } from './mailboxes.ts';
import { type Basis, createMemory } from './memory.ts';
import { createEventMaker } from './new-events.ts';

export interface Answered<State> extends Standing<State> {
  /** What was recorded for this command; empty where there was nothing to do. */
  readonly facts: readonly Fact[];
}

export interface AskOptions {
  /** The decision is only wanted at this revision; at any other: `precondition-failed`. */
  readonly ifRevision?: number | undefined;
}

/**
 * The only writers of facts. Commands to one stream are taken one at a time, in the order they came;
 * each is decided on the stream's state and appended at exactly the revision it was decided at.
 */
export interface Actors {
  ask<State, Command>(
    address: Address<State, Command>,
    command: Command,
    envelope: Envelope,
    options?: AskOptions,
  ): Promise<Answered<State>>;
  /** Where the entity stands after everything asked of it so far. */
  read<State, Command>(address: Address<State, Command>): Promise<Standing<State>>;
  /** Resolves when every command taken has been answered. */
  idle(): Promise<void>;
}

export interface ActorsDeps {
  readonly store: Pick<EventStore, 'append' | 'readStream' | 'exclusive'>;
  /** How many entities are kept in memory. */
  readonly cacheSize?: number;
}

interface Request<State, Command> {
  readonly address: Address<State, Command>;
  readonly command: Command;
  readonly options: AskOptions;
  readonly toEvents: (facts: readonly Fact[]) => readonly NewEvent[];
}

interface Retry {
  /** Undefined where only the basis was too weak, for a refusal or for finding nothing to do. */
  readonly conflict: TriplineError | undefined;
}

const maxConflicts = 3;

export const createActors = ({ store, cacheSize = 10_000 }: ActorsDeps): Actors => {
  const mailboxes = createMailboxes();
  const memory = createMemory(store, cacheSize);

  const append = async (
    stream: string,
    revision: number | 'no_stream',
    events: readonly NewEvent[],
  ): Promise<Appended | Retry> => {
    try {
      return await appendOnce(store, stream, revision, events);
    } catch (error) {
      memory.drop(stream);
      if (isTriplineError(error, 'wrong-expected-revision')) return { conflict: error };
      throw error;
    }
  };

  const tryAt = async <State, Command>(
    { address, command, options, toEvents }: Request<State, Command>,
    basis: Basis<State>,
  ): Promise<Answered<State> | Retry> => {
    const decision = decide(address, command, basis, options.ifRevision);
    const { facts } = decision;
    if (!basis.certain && facts.length === 0) return { conflict: undefined };
    if ('refusal' in decision) throw decision.refusal;
    const appended =
      facts.length === 0 ? basis : await append(address.stream, basis.revision, toEvents(facts));
    if ('conflict' in appended) return appended;
    const { revision, position } = appended;
    const answered = { state: decision.next, revision, position, facts };
    memory.keep(address, answered);
    return answered;
  };

  const answer = async <State, Command>(
    request: Request<State, Command>,
  ): Promise<Answered<State>> => {
    let result = await tryAt(request, await memory.basisOf(request.address));
    for (let conflicts = 0; 'conflict' in result; ) {
      if (result.conflict !== undefined) conflicts += 1;
      if (conflicts > maxConflicts) throw result.conflict;
      result = await tryAt(request, await memory.load(request.address));
    }
    return result;
  };

  return {
    ask: (address, command, envelope, options = {}) =>
      mailboxes.run(address.stream, () =>
        answer({ address, command, options, toEvents: createEventMaker(envelope) }),
      ),
    read: (address) =>
      mailboxes.run(address.stream, async () => {
        const { state, revision, position } = await memory.certainBasisOf(address);
        memory.keep(address, { state, revision, position });
        return { state, revision, position };
      }),
    idle: () => mailboxes.idle(),
  };
};
