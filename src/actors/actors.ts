import type { Chance } from '../domain/chance.ts';
import { isTriplineError } from '../domain/errors.ts';
import type { Envelope, Fact } from '../domain/events.ts';
import { beginning, type Position } from '../domain/position.ts';
import type { SaltedBytes } from '../domain/salted-bytes.ts';
import type { Appended, EventStore, NewEvent } from '../store/event-store.ts';
import type { Address, Standing } from './address.ts';
import { decide } from './decision.ts';
import { createMailboxes } from './mailboxes.ts';
import { type Basis, createMemory } from './memory.ts';
import { createEventMaker } from './new-events.ts';
import { OutcomeUnknown } from './outcome-unknown.ts';
import { createRegistryTurns, type RegistryTurns } from './registry-turns.ts';

export interface Answered<State> extends Standing<State> {
  /** What was recorded for this command; empty where there was nothing to do. */
  readonly facts: readonly Fact[];
}

export interface AskOptions {
  /** The decision is only wanted at this revision; at any other: `precondition-failed`. */
  readonly ifRevision?: number | 'no_stream' | undefined;
  /** The bytes that the command names, and the first fact it leads to. */
  readonly payload?: SaltedBytes | undefined;
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
  /** Whose turn it is: what changes the registry, or what is decided on it. */
  readonly registry: Pick<RegistryTurns, 'decideAt'>;
  /** How far the log is known to go from what was answered here; undefined before the first. */
  readonly acknowledged: Position | undefined;
  /** Resolves when every command taken so far has been answered. */
  settled(): Promise<void>;
  /** Resolves when every command taken has been answered. */
  idle(): Promise<void>;
}

export interface ActorsDeps {
  readonly store: Pick<EventStore, 'append' | 'readStream' | 'exclusive'>;
  readonly chance: Pick<Chance, 'newId'>;
  /** How many entities are kept in memory. */
  readonly cacheSize?: number;
}

interface Request<State, Command> {
  readonly address: Address<State, Command>;
  readonly command: Command;
  readonly options: AskOptions | undefined;
  readonly toEvents: (facts: readonly Fact[]) => readonly NewEvent[];
}

const maxConflicts = 3;

export const createActors = ({ store, chance, cacheSize = 10_000 }: ActorsDeps): Actors => {
  const mailboxes = createMailboxes();
  const memory = createMemory(store, cacheSize);
  const registry = createRegistryTurns();
  let acknowledged: Position | undefined;

  const loadAndTry = async <State, Command>(
    request: Request<State, Command>,
    conflicts: number,
  ): Promise<Answered<State>> => attempt(request, await memory.load(request.address), conflicts);

  /** At once where nothing has to be read, and then with one promise besides the store's own. */
  function attempt<State, Command>(
    request: Request<State, Command>,
    basis: Basis<State>,
    conflicts: number,
  ): Promise<Answered<State>> {
    const { address, command, options, toEvents } = request;
    const { stream } = address;
    const decision = decide(address, command, basis, options?.ifRevision);
    const { facts } = decision;
    if (!basis.certain && facts.length === 0) return loadAndTry(request, conflicts);
    if ('refusal' in decision) return Promise.reject(decision.refusal);

    const recorded = ({ revision, position }: Standing<State> | Appended): Answered<State> => {
      const answered = { state: decision.next, revision, position, facts };
      if ((position ?? beginning) > (acknowledged ?? beginning)) acknowledged = position;
      memory.keep(address, answered);
      return answered;
    };
    if (facts.length === 0) return Promise.resolve(recorded(basis));
    const events = toEvents(facts);
    const failed = (error: unknown): Promise<Answered<State>> => {
      memory.drop(stream);
      if (!isTriplineError(error, 'wrong-expected-revision') || conflicts >= maxConflicts) {
        throw error;
      }
      return loadAndTry(request, conflicts + 1);
    };
    const append = () => store.append(stream, basis.revision, events);
    return append().then(recorded, (error: unknown) => {
      if (!isTriplineError(error, 'outcome-unknown')) return failed(error);
      // The same ids at the same revision are stored once, whether or not the first try got through.
      return append().then(recorded, (again: unknown) =>
        // Only a conflict says of the first try, too, that it is not there.
        failed(
          isTriplineError(again, 'wrong-expected-revision')
            ? again
            : new OutcomeUnknown(error, append),
        ),
      );
    });
  }

  const answer = <State, Command>(request: Request<State, Command>): Promise<Answered<State>> => {
    const basis = memory.basisOf(request.address);
    return basis instanceof Promise
      ? basis.then((loaded) => attempt(request, loaded, 0))
      : attempt(request, basis, 0);
  };

  return {
    ask(address, command, envelope, options) {
      const toEvents = createEventMaker(envelope, chance, options?.payload);
      const ask = () =>
        mailboxes.run(address.stream, () => answer({ address, command, options, toEvents }));
      return address.isOfRegistry ? registry.change(ask) : ask();
    },
    read: (address) =>
      mailboxes.run(address.stream, async () => {
        const { state, revision, position } = await memory.certainBasisOf(address);
        memory.keep(address, { state, revision, position });
        return { state, revision, position };
      }),
    registry,
    get acknowledged() {
      return acknowledged;
    },
    settled: () => mailboxes.settled(),
    idle: () => mailboxes.idle(),
  };
};
