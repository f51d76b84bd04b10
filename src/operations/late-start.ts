import { catchUpIdOf } from '../domain/ids.ts';
import { invalidField } from '../domain/invalid.ts';
import type { RegisterTrigger } from '../domain/trigger/commands.ts';
import type { OperationsDeps } from './deps.ts';
import { arrivalList, createHistoryPlaces } from './history-places.ts';
import type { Moment } from './time-travel.ts';
import { kindOf } from './trigger-definition.ts';
import { seenSoFar } from './visible.ts';

/** From when on a trigger is to get what arrived. */
export type StartFrom = 'now' | Moment;

/** What is recorded of where a trigger starts from. */
export const createLateStart = (deps: OperationsDeps) => {
  const places = createHistoryPlaces(deps);

  /** Whatever arrives while it is looked for lies behind it. */
  const placeBefore = async (workspace: string, from: Moment): Promise<string> => {
    const last = await places.lastUntil(workspace, arrivalList, undefined);
    return (await places.placeBefore(workspace, arrivalList, from)) ?? last;
  };

  /** Refuses kinds of triggers whose events bear the trigger's own id, which is new. */
  return async (
    workspace: string,
    { triggerId, executionType }: Pick<RegisterTrigger, 'triggerId' | 'executionType'>,
    startFrom: StartFrom | undefined,
  ): Promise<Pick<RegisterTrigger, 'startFrom'>> => {
    if (startFrom === undefined || startFrom === 'now') return {};
    if (kindOf(deps.kinds, executionType).hasNoPast)
      throw invalidField(
        'startFrom',
        `must be "now": nothing can have arrived for a new ${executionType} trigger`,
      );
    await seenSoFar(deps);
    const after = await placeBefore(workspace, startFrom);
    return { startFrom: { after, replayId: catchUpIdOf(triggerId) } };
  };
};
