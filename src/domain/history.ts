import { type Fact, isKnown } from './events.ts';
import type { Lifecycle, LifecycleState } from './lifecycle.ts';
import type { Position } from './position.ts';
import type { StoredEvent } from './recorded.ts';

export interface HistoryStep {
  readonly revision: number;
  readonly position: Position;
  readonly type: string;
  readonly occurredAt: string;
  readonly actor: string;
  readonly from: string;
  readonly to: string;
}

/**
 * One entity's whole stream, brought up to date, as the steps its machine took: the machine that
 * decides is the one that is shown. What a later release recorded is listed and moves nothing.
 */
export const historyOf = <State extends LifecycleState, F extends Fact>(
  { initialState, evolve }: Pick<Lifecycle<State, F>, 'initialState' | 'evolve'>,
  events: readonly StoredEvent[],
): readonly HistoryStep[] => {
  let state = initialState;
  return events.map((event) => {
    const { revision, position, type, metadata } = event;
    const from = state.value;
    // A stream holds the facts of one machine; any other is refused by the fold.
    if (isKnown(event)) state = evolve(state, event as Fact as F);
    const { occurredAt, actor } = metadata;
    return { revision, position, type, occurredAt, actor, from, to: state.value };
  });
};
