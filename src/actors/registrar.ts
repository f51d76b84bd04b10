import type { ClaimedName } from '../domain/claim/machine.ts';
import { isTriplineError } from '../domain/errors.ts';
import type { Envelope } from '../domain/events.ts';
import { functionClaims } from '../domain/function/claims.ts';
import type { RegisterFunction, ReviseFunction } from '../domain/function/decider.ts';
import type { Position } from '../domain/position.ts';
import { triggerClaims } from '../domain/trigger/claims.ts';
import type { RegisterTrigger, ReviseTrigger } from '../domain/trigger/commands.ts';
import { isLive } from '../domain/trigger/decider.ts';
import type { AskOptions } from './actors.ts';
import type { Address } from './address.ts';
import { functionAddress, triggerAddress } from './addresses.ts';
import { functionNames, isAmong, triggerNames } from './bearers.ts';
import { type ClaimsDeps, createClaims } from './claims.ts';
import { mustBeAt } from './decision.ts';
import { createTurns } from './turns.ts';

export interface Changed {
  readonly id: string;
  readonly revision: number | 'no_stream';
  readonly position: Position | undefined;
}

/**
 * Registers, changes and retires what has a unique name. The name is claimed before and given back
 * after, each in a stream of its own; a crash in between blocks nothing.
 */
export interface Registrar {
  registerFunction(command: RegisterFunction, envelope: Envelope): Promise<Changed>;
  reviseFunction(
    functionId: string,
    command: ReviseFunction,
    envelope: Envelope,
    options?: AskOptions,
  ): Promise<Changed>;
  retireFunction(functionId: string, envelope: Envelope, options?: AskOptions): Promise<Changed>;
  registerTrigger(command: RegisterTrigger, envelope: Envelope): Promise<Changed>;
  reviseTrigger(
    triggerId: string,
    command: ReviseTrigger,
    envelope: Envelope,
    options?: AskOptions,
  ): Promise<Changed>;
  retireTrigger(triggerId: string, envelope: Envelope, options?: AskOptions): Promise<Changed>;
}

interface Entity<State, Command> {
  readonly id: string;
  readonly address: Address<State, Command>;
  readonly namesOf: (state: State) => readonly ClaimedName[];
}

const aFunction = (id: string) => ({ id, address: functionAddress(id), namesOf: functionNames });
const aTrigger = (id: string) => ({ id, address: triggerAddress(id), namesOf: triggerNames });

const without = (names: readonly ClaimedName[], others: readonly ClaimedName[]) =>
  names.filter((name) => !isAmong(others, name));

export const createRegistrar = (deps: ClaimsDeps): Registrar => {
  const { actors } = deps;
  const turns = createTurns();
  const claims = createClaims(deps, turns);

  /** Claims what the entity will bear, changes it, and gives back what it bears no more. */
  const change = <State, Command>(
    { id, address, namesOf }: Entity<State, Command>,
    command: Command,
    wanted: (state: State) => readonly ClaimedName[],
    envelope: Envelope,
    options?: AskOptions,
  ): Promise<Changed> =>
    turns.work(id, async () => {
      const { state, revision } = await actors.read(address);
      // Before names are claimed: a refusal leaves nothing behind.
      mustBeAt(address.stream, revision, options?.ifRevision);
      const before = namesOf(state);
      // What it bears already is not up for giving back, whatever becomes of the change.
      const added = without(wanted(state), before);
      await claims.take(added, id, envelope);
      try {
        const answered = await actors.ask(address, command, envelope, options);
        const surplus = without([...before, ...added], namesOf(answered.state));
        await claims.release(surplus, id, envelope);
        return { id, revision: answered.revision, position: answered.position };
      } catch (error) {
        // Where the outcome is unknown the names stay claimed: what may exist must keep its name.
        if (!isTriplineError(error, 'outcome-unknown')) {
          await claims.release(added, id, envelope);
        }
        throw error;
      }
    });

  return {
    registerFunction: (command, envelope) =>
      change(aFunction(command.functionId), command, () => functionClaims(command), envelope),
    reviseFunction: (functionId, command, envelope, options) =>
      change(
        aFunction(functionId),
        command,
        ({ value, context }) =>
          value === 'active' ? functionClaims({ ...context, ...command }) : [],
        envelope,
        options,
      ),
    retireFunction: (functionId, envelope, options) =>
      change(aFunction(functionId), { type: 'RetireFunction' }, () => [], envelope, options),
    registerTrigger: (command, envelope) =>
      change(aTrigger(command.triggerId), command, () => triggerClaims(command), envelope),
    reviseTrigger: (triggerId, command, envelope, options) =>
      change(
        aTrigger(triggerId),
        command,
        (state) => (isLive(state) ? triggerClaims({ ...state.context, ...command }) : []),
        envelope,
        options,
      ),
    retireTrigger: (triggerId, envelope, options) =>
      change(aTrigger(triggerId), { type: 'RetireTrigger' }, () => [], envelope, options),
  };
};
