import { type Fact, isKnown } from './events.ts';
import { pointedAt } from './json-pointer.ts';
import type { Lifecycle, LifecycleState } from './lifecycle.ts';
import type { Position } from './position.ts';
import type { StoredEvent } from './recorded.ts';

export interface HistoryStep {
  readonly revision: number;
  readonly position: Position;
  readonly type: string;
  readonly from: string;
  readonly to: string;
  /** Of what has versions: the one that this step led to. */
  readonly version: number | null;
  /** What the fact itself says of it. */
  readonly reason: string | null;
  readonly actor: string;
  readonly occurredAt: string;
  readonly correlationId: string;
  /** Id of the fact that this one follows from, where there is one. */
  readonly causationId: string | null;
}

const versionIn = (context: unknown): number | null => {
  const version = pointedAt(context, '/version');
  return typeof version === 'number' ? version : null;
};

const reasonIn = (data: unknown): string | null => {
  const reason = pointedAt(data, '/reason');
  return typeof reason === 'string' ? reason : null;
};

/**
 * All facts about one entity, brought up to date, as the steps its machine took: the machine that
 * decides is the one that is shown. What a later release recorded is listed and moves nothing.
 */
export const historyOf = <State extends LifecycleState, F extends Fact>(
  { initialState, evolve }: Pick<Lifecycle<State, F>, 'initialState' | 'evolve'>,
  events: readonly StoredEvent[],
): HistoryStep[] => {
  let state = initialState;
  return events.map((event) => {
    const { revision, position, type, metadata, data } = event;
    const from = state.value;
    // A stream holds the facts of one machine; any other is refused by the fold.
    if (isKnown(event)) state = evolve(state, event as Fact as F);
    return {
      ...{ revision, position, type, from, to: state.value },
      version: versionIn(state.context),
      reason: reasonIn(data),
      actor: metadata.actor,
      occurredAt: metadata.occurredAt,
      correlationId: metadata.$correlationId,
      causationId: metadata.$causationId ?? null,
    };
  });
};
