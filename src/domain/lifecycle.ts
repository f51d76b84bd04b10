import type { ActorLogic, AnyMachineSnapshot, AnyStateMachine, AnyStateNode } from 'xstate';
import { TriplineError } from './errors.ts';
import type { Fact } from './events.ts';

/** Where an entity stands: the part of a machine's snapshot that facts decide. Plain JSON. */
export interface LifecycleState<Value extends string = string, Context = unknown> {
  readonly value: Value;
  readonly context: Context;
}

type StateOf<S extends AnyMachineSnapshot> = LifecycleState<
  Extract<S['value'], string>,
  S['context']
>;

export interface Lifecycle<State extends LifecycleState, F extends Fact> {
  readonly initialState: State;
  /** May this happen now? */
  can(state: State, fact: F): boolean;
  /** Takes in what was recorded. A fact the machine has no place for means log and code disagree. */
  evolve(state: State, fact: F): State;
  /** The facts, if the machine lets them happen in this order; the caller's mistake if not. */
  propose(state: State, ...facts: readonly F[]): readonly F[];
  hasTag(state: State, tag: string): boolean;
}

export type LifecycleStateOf<L> = L extends Lifecycle<infer State, infer _> ? State : never;

interface Step {
  readonly target: string;
  readonly assign: ((args: { context: unknown; event: unknown }) => object) | undefined;
}

const assignmentOf = (action: unknown): Step['assign'] => {
  const assignment =
    typeof action === 'function' && 'assignment' in action ? action.assignment : undefined;
  if (typeof assignment !== 'function') {
    throw new TypeError('a machine may have no other actions than assign with a function');
  }
  return assignment as Step['assign'];
};

/** One row per fact; legal because a machine here has at most one unguarded transition per fact. */
const stepsOf = (node: AnyStateNode): ReadonlyMap<string, Step> =>
  new Map(
    [...node.transitions.values()].flat().map((transition): [string, Step] => {
      const { eventType, target: [to = node] = [], actions } = transition;
      const [action, ...others] = actions;
      if (others.length > 0) {
        throw new TypeError(`${node.id} has more than one action on ${eventType}`);
      }
      const assign = action === undefined ? undefined : assignmentOf(action);
      return [eventType, { target: to.key, assign }];
    }),
  );

/**
 * The rules of one entity, from its machine. XState's `transition()` costs 15 µs and its snapshots
 * 535 bytes; the same definition read once into a table costs nothing worth counting, so streams of
 * any length fold cheaply. `test/domain/lifecycle.test.ts` proves that both say the same.
 */
export const lifecycleOf = <S extends AnyMachineSnapshot, F extends Fact>(
  machine: ActorLogic<S, F> & Pick<AnyStateMachine, 'id' | 'root' | 'states' | 'config'>,
): Lifecycle<StateOf<S>, F> => {
  type State = StateOf<S>;
  const nodes: [string, AnyStateNode][] = Object.entries(machine.states);
  const table = new Map(nodes.map(([name, node]) => [name, stepsOf(node)]));
  const tags = new Map(nodes.map(([name, node]) => [name, new Set<string>(node.tags)]));

  const find = (value: string, fact: F) => table.get(value)?.get(fact.type);
  const stepFrom = (
    value: string,
    fact: F,
    refusal: 'corrupt-stream' | 'illegal-transition',
  ): Step => {
    const found = find(value, fact);
    if (found !== undefined) return found;
    throw new TriplineError(
      refusal,
      `${fact.type} is not possible while ${machine.id} is ${value}`,
    );
  };
  const take = (state: State, { target, assign }: Step, fact: F): State => ({
    value: target as State['value'],
    context:
      assign === undefined
        ? state.context
        : { ...(state.context as object), ...assign({ context: state.context, event: fact }) },
  });

  return {
    initialState: {
      value: machine.root.initial.target[0]?.key as State['value'],
      context: machine.config.context as State['context'],
    },
    can: (state, fact) => find(state.value, fact) !== undefined,
    evolve: (state, fact) => take(state, stepFrom(state.value, fact, 'corrupt-stream'), fact),
    propose: (state, ...proposed) => {
      // Without guards the context has no say in what may happen.
      let value: string = state.value;
      for (const fact of proposed) value = stepFrom(value, fact, 'illegal-transition').target;
      return proposed;
    },
    hasTag: (state, tag) => tags.get(state.value)?.has(tag) ?? false,
  };
};
