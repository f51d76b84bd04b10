import type { TriggerEntry } from '../../projections/registry.ts';
import type { AskOptions } from '../actors/actors.ts';
import { triggerAddress } from '../actors/addresses.ts';
import { TriplineError } from '../domain/errors.ts';
import type { Envelope } from '../domain/events.ts';
import type { TriggerCommand } from '../domain/trigger/commands.ts';
import { existing } from './existing.ts';
import type { StartFrom } from './late-start.ts';
import { changesOf, definitionOf } from './trigger-definition.ts';
import type { NewTrigger, TriggerChanges } from './trigger-form.ts';
import { createRegistration, type TriggersDeps } from './trigger-registration.ts';
import { troubleWith } from './trouble.ts';
import { visible } from './visible.ts';

export const mustBeOfUser = ({ isSystem }: Pick<TriggerEntry, 'isSystem'>): void => {
  if (isSystem)
    throw new TriplineError('forbidden', 'a system trigger cannot be changed or deleted');
};

const newLines =
  'the function changed: order by key and the limit of what runs at once begin anew, so an event may run while one that came before it still does at the function before';

const beginsNewLines = (before: TriggerEntry, after: TriggerEntry): boolean =>
  before.functionId !== after.functionId &&
  ['orderingKey', 'concurrency'].some((member) => after.triggerMetadata[member] !== undefined);

/**
 * What people and programs do with triggers, each in the workspace of its envelope. When one of
 * these resolves, every read that follows sees what came of it.
 */
export const createTriggers = (deps: TriggersDeps) => {
  const { engine, registrar, actors } = deps;
  const register = createRegistration(deps);
  const find = (id: string) => engine.registry.triggerById(id);
  const present = ({ workspace }: Envelope, id: string): TriggerEntry =>
    existing('trigger', find, { slug: workspace, id });

  const ask = async (id: string, command: TriggerCommand, envelope: Envelope, at?: AskOptions) => {
    present(envelope, id);
    const { position } = await actors.ask(triggerAddress(id), command, envelope, at);
    await visible(deps, position);
  };

  return {
    find,
    /** What it is bound to and is not there. */
    troubleWith: (entry: TriggerEntry): string | undefined => troubleWith(deps, entry),
    /** Under an id that nobody had before. */
    async create(
      triggerId: string,
      form: NewTrigger,
      envelope: Envelope,
      startFrom?: StartFrom,
    ): Promise<void> {
      const { workspace } = envelope;
      const definition = definitionOf(deps, form, { workspace, triggerId });
      await register({ triggerId, isSystem: false, ...definition }, envelope, startFrom);
    },
    /** Answers what of it may come as a surprise. */
    async revise(
      id: string,
      changes: TriggerChanges,
      envelope: Envelope,
      at?: AskOptions,
    ): Promise<readonly string[]> {
      const entry = present(envelope, id);
      mustBeOfUser(entry);
      const { position } = await registrar.reviseTrigger(
        id,
        { type: 'ReviseTrigger', ...changesOf(deps, changes, entry) },
        envelope,
        at,
      );
      await visible(deps, position);
      const revised = find(id);
      return revised !== undefined && beginsNewLines(entry, revised) ? [newLines] : [];
    },
    /** Nothing new is taken, what was accepted waits. */
    stop: (id: string, by: string, envelope: Envelope, at?: AskOptions): Promise<void> =>
      ask(id, { type: 'PauseTrigger', reason: `stopped by ${by}` }, envelope, at),
    start: (id: string, envelope: Envelope, at?: AskOptions): Promise<void> =>
      ask(id, { type: 'ResumeTrigger' }, envelope, at),
    async remove(id: string, envelope: Envelope, at?: AskOptions): Promise<void> {
      mustBeOfUser(present(envelope, id));
      const { position } = await registrar.retireTrigger(id, envelope, at);
      await visible(deps, position);
    },
  };
};
