import { replayAddress } from '../actors/addresses.ts';
import type { Envelope } from '../domain/events.ts';
import type { RegisterTrigger } from '../domain/trigger/commands.ts';
import type { Creations } from './creations.ts';
import type { OperationsDeps } from './deps.ts';
import { createLateStart, type StartFrom } from './late-start.ts';
import { visible } from './visible.ts';

export type TriggersDeps = OperationsDeps & { readonly creations: Creations };

/**
 * Registers a trigger under an id that nobody had before. Where it starts from the past, the replay of
 * that is asked for as well; a crash in between is made good by whoever runs replays.
 */
export const createRegistration = (deps: TriggersDeps) => {
  const { engine, actors, registrar, creations } = deps;
  const lateStart = createLateStart(deps);

  const requestOwed = async (replayId: string, envelope: Envelope): Promise<void> => {
    const owed = engine.replayOf(replayId);
    if (owed?.status !== 'owed') return;
    const command = { type: 'RequestReplay', replayId, order: owed.order } as const;
    const { position } = await actors.ask(replayAddress(replayId), command, envelope);
    await visible(deps, position);
  };

  return async (
    definition: Omit<RegisterTrigger, 'type' | 'startFrom'>,
    envelope: Envelope,
    startFrom: StartFrom | undefined,
  ): Promise<void> => {
    const { workspace } = envelope;
    const late = await lateStart(workspace, definition, startFrom);
    await creations.run(workspace, definition.triggerId, async (occurredAt) => {
      const { position } = await registrar.registerTrigger(
        { type: 'RegisterTrigger', ...definition, ...late },
        { ...envelope, occurredAt },
      );
      await visible(deps, position);
    });
    if (late.startFrom) await requestOwed(late.startFrom.replayId, envelope);
  };
};
