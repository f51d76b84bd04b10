import type { RegistryTurns } from '../actors/registry-turns.ts';
import type { RidingFact } from '../domain/arrival/machine.ts';
import type { QueueInvocation } from '../domain/invocation/commands.ts';
import { invocation } from '../domain/invocation/decider.ts';
import type { Position } from '../domain/position.ts';
import { dropsSurplus } from '../routing/invocation-terms.ts';
import { queueCommandOf } from '../routing/queue-command.ts';
import type { RegistryIndex } from '../routing/registry-index.ts';
import { type Routing, route } from '../routing/route.ts';
import { withheldFrom } from '../routing/withheld.ts';
import type { Arrival } from '../triggers/kind.ts';
import type { Dispatcher } from './dispatcher.ts';

/** What an arrival leads to, as it was decided before it is recorded. */
export interface Decided {
  /** Of the registry that it was decided on. */
  readonly decidedAt: Position;
  /** To be recorded with the arrival, in this order. */
  readonly rides: readonly RidingFact[];
  /** To be told once whether all of it was recorded. */
  settle(isRecorded: boolean): void;
}

export interface Door {
  /**
   * Decides on an arrival that is about to be recorded; undefined where that is left to who follows
   * the log: another process runs the lane or may have taken it, the registry is changing, many
   * triggers match, or one of them drops what has no room, of which only the lane can tell.
   */
  decide(arrival: Arrival, workspace: string): Decided | undefined;
}

export interface DoorDeps {
  readonly isOpen: () => boolean;
  readonly position: () => Position;
  readonly turns: Pick<RegistryTurns, 'decideAt'>;
  readonly registry: RegistryIndex;
  readonly dispatcher: Pick<Dispatcher, 'ride' | 'alight'>;
}

/** Of more triggers than these the lane takes care, so that no record grows without bound. */
const mostTriggers = 64;

export const createDoor = (deps: DoorDeps): Door => {
  const { registry, dispatcher } = deps;

  const isForLane = (routings: readonly Routing[]): boolean =>
    routings.length > mostTriggers ||
    routings.some((routing) => routing.fired && dropsSurplus(routing.trigger));

  const factsOf = (command: QueueInvocation) =>
    invocation.decide(command, invocation.initialState) as readonly RidingFact[];

  const withheldFact = (arrivalId: string, routings: readonly Routing[]): readonly RidingFact[] => {
    const withheld = withheldFrom(routings);
    return withheld ? [{ type: 'EventWithheld', data: { arrivalId, ...withheld } }] : [];
  };

  return {
    decide(arrival, workspace) {
      if (!deps.isOpen()) return undefined;
      const decidedAt = deps.position();
      const endTurn = deps.turns.decideAt(decidedAt);
      if (endTurn === undefined) return undefined;
      const { arrivalId } = arrival;
      const routings = route(registry, { ...arrival, workspace, bodyOf: () => arrival.body });
      if (isForLane(routings)) {
        endTurn();
        return undefined;
      }
      const cause = { workspace, correlationId: arrival.trace?.correlationId ?? arrivalId };
      const riding: string[] = [];
      const rides = routings.flatMap((routing): readonly RidingFact[] => {
        if (!routing.fired) return [];
        const command = queueCommandOf(routing.trigger, arrival, registry);
        const start = dispatcher.ride(command, cause);
        if (start === undefined) return factsOf(command);
        riding.push(command.invocationId);
        return factsOf({ ...command, start });
      });
      return {
        decidedAt,
        rides: [...rides, ...withheldFact(arrivalId, routings)],
        settle(isRecorded) {
          endTurn();
          if (!isRecorded) for (const invocationId of riding) dispatcher.alight(invocationId);
        },
      };
    },
  };
};
