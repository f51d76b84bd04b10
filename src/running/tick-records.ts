import type { ScheduleEntry } from '../../projections/schedules.ts';
import { arrivalAddress } from '../actors/addresses.ts';
import type { ArrivalCommand } from '../domain/arrival/decider.ts';
import { isoOf } from '../domain/clock.ts';
import type { DataOf } from '../domain/events.ts';
import { arrivalIdOf } from '../domain/ids.ts';
import { tickIdOf } from '../domain/schedule/tick-id.ts';
import type { MissedTicks } from '../schedule/account.ts';
import type { Firing } from '../schedule/plan.ts';
import type { CommandSender } from './command-sender.ts';

type Whose = Pick<ScheduleEntry, 'triggerId' | 'workspace'>;

const actor = 'system:scheduler';

const payloadOf = (content: string): Pick<DataOf<'EventArrived'>, 'body'> => ({
  body: { encoding: 'utf8', content },
});

/**
 * Records what became of planned instants, each time in the stream that belongs to the first of
 * them, which must not exist: of any number of processes, and over any restart, one has its way.
 * The answer is the instant up to which the plan is accounted for after that, by this record or by
 * the one found there; undefined where nothing could be recorded.
 */
export const createTickRecords = (sender: CommandSender) => {
  const record = async (
    { triggerId, workspace }: Whose,
    name: string,
    correlationId: string | undefined,
    command: (arrivalId: string) => ArrivalCommand,
  ): Promise<string | undefined> => {
    const arrivalId = arrivalIdOf(workspace, `scheduled/${triggerId}`, tickIdOf(triggerId, name));
    const cause = { workspace, correlationId: correlationId ?? arrivalId };
    const address = arrivalAddress(arrivalId);
    const answer = await sender.send(address, command(arrivalId), actor, cause);
    return answer && (answer.state.context.passedTo ?? name);
  };

  return {
    fire(whose: Whose, { id, instant, caughtUp, shifted }: Firing): Promise<string | undefined> {
      const scheduledAt = isoOf(instant);
      const content = JSON.stringify({
        scheduledAt,
        tickId: id,
        caughtUp,
        ...(shifted !== null && { shifted }),
      });
      return record(whose, scheduledAt, undefined, (arrivalId) => ({
        type: 'RecordArrival',
        arrivalId,
        source: { kind: 'scheduled', key: whose.triggerId },
        deliveryId: id,
        request: null,
        verification: null,
        ...payloadOf(content),
      }));
    },
    skip(whose: Whose, { instant }: Firing): Promise<string | undefined> {
      const { triggerId } = whose;
      const scheduledAt = isoOf(instant);
      const data = { triggerId, scheduledAt, reason: 'overlap' } as const;
      return record(whose, scheduledAt, triggerId, () => ({
        type: 'PassTicks',
        passed: { type: 'TickSkipped', data },
      }));
    },
    miss(whose: Whose, missed: MissedTicks): Promise<string | undefined> {
      const { triggerId } = whose;
      const { reason, first } = missed;
      // No planned instant bears the name of what a change of clocks did, so this hides none.
      const name = reason.startsWith('DST') ? `${reason}@${first}` : first;
      return record(whose, name, triggerId, () => ({
        type: 'PassTicks',
        passed: { type: 'TicksMissed', data: { triggerId, ...missed } },
      }));
    },
  };
};

export type TickRecords = ReturnType<typeof createTickRecords>;
