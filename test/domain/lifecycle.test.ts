import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyStateNode, assign, createMachine, initialTransition, transition } from 'xstate';
import { getSimplePaths } from 'xstate/graph';
import { isTriplineError } from '../../src/domain/errors.ts';
import type { Fact } from '../../src/domain/events.ts';
import { type Lifecycle, type LifecycleState, lifecycleOf } from '../../src/domain/lifecycle.ts';
import { cases } from './lifecycles.ts';

const codeOf = (run: () => unknown): string | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    return isTriplineError(error) ? error.code : 'not a refusal';
  }
};

type Snapshot = ReturnType<typeof initialTransition>[0];

const stateOf = ({ value, context }: Snapshot) => ({ value, context });

/** Nothing that would decide again, or act, while history is folded. */
const expectPlain = (node: AnyStateNode) => {
  expect([...node.invoke, ...node.after, ...(node.always ?? [])]).toEqual([]);
  expect([...node.entry, ...node.exit]).toEqual([]);
  for (const [type, transitions] of node.transitions) {
    expect(type).not.toContain('*');
    expect(transitions.map(({ guard, reenter }) => ({ guard, reenter }))).toEqual([
      { guard: undefined, reenter: false },
    ]);
  }
};

describe.each(cases)('the $machine.id machine', ({ machine, lifecycle, facts }) => {
  const states = Object.values(machine.states);
  // Context apart, so that counters do not make the graph endless.
  const serializeState = (snapshot: { readonly value: unknown }) => JSON.stringify(snapshot.value);
  const paths = getSimplePaths(machine, { events: [...facts], serializeState });

  const agreeAlong = (steps: readonly Fact[]) => {
    let snapshot = initialTransition(machine)[0];
    let state = lifecycle.initialState;
    for (const fact of steps) {
      for (const other of facts) expect(lifecycle.can(state, other)).toBe(snapshot.can(other));
      snapshot = transition(machine, snapshot, fact)[0];
      state = lifecycle.evolve(state, fact);
      expect(state).toEqual(stateOf(snapshot));
    }
  };

  it('has no guard, no invoke, no after, no always, no wildcard and no nested state', () => {
    for (const node of [machine.root, ...states]) expectPlain(node);
    expect(states.map(({ type }) => type)).toEqual(states.map(() => 'atomic'));
    expect(machine.root.transitions.size).toBe(0);
    expect(typeof machine.config.context).toBe('object');
  });

  it('reaches every state and takes every fact somewhere', () => {
    const reached = new Set(paths.map(({ state }) => state.value));
    expect([...reached].sort()).toEqual(Object.keys(machine.states).sort());
    const taken = new Set(states.flatMap((node) => [...node.transitions.keys()]));
    expect(new Set(facts.map(({ type }) => type))).toEqual(taken);
  });

  it('starts in the table where it starts in XState', () => {
    expect(lifecycle.initialState).toEqual(stateOf(initialTransition(machine)[0]));
  });

  it('says the same as its table on every path, with every fact, at every step', () => {
    for (const { steps } of paths) {
      const walked = steps.map(({ event }) => event as Fact);
      agreeAlong(walked.filter(({ type }) => facts.some((fact) => fact.type === type)));
    }
  });

  it('says the same as its table on any walk, and refuses by purpose what cannot be', () => {
    const lifecycle: Lifecycle<LifecycleState, Fact> = lifecycleOf(machine);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...facts), { maxLength: 30 }), (walk) => {
        let snapshot = initialTransition(machine)[0];
        let state: LifecycleState = lifecycle.initialState;
        for (const fact of walk) {
          if (snapshot.can(fact)) {
            expect(lifecycle.propose(state, fact)).toEqual([fact]);
            snapshot = transition(machine, snapshot, fact)[0];
            state = lifecycle.evolve(state, fact);
          } else {
            expect(codeOf(() => lifecycle.evolve(state, fact))).toBe('corrupt-stream');
            expect(codeOf(() => lifecycle.propose(state, fact))).toBe('illegal-transition');
          }
          expect(state).toEqual(stateOf(snapshot));
          for (const tag of ['ended', 'accepting']) {
            expect(lifecycle.hasTag(state, tag)).toBe(snapshot.hasTag(tag));
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a machine that would do more than take in facts', () => {
  const tables = (actions: unknown) => () =>
    lifecycleOf(
      createMachine({
        id: 'lamp',
        initial: 'off',
        states: { off: { on: { TriggerResumed: { target: 'on', actions } } }, on: {} },
      } as never),
    );

  it('is refused when it is read, not when the fact comes', () => {
    expect(tables(() => {})).toThrow('no other actions');
    expect(tables('named')).toThrow('no other actions');
    expect(tables(assign({ count: 1 }))).toThrow('no other actions');
    expect(tables([assign(() => ({})), assign(() => ({}))])).toThrow('more than one action');
  });
});

it('nothing is possible in a state that the machine does not have', () => {
  const { lifecycle, facts } = cases[0]!;
  const nowhere = { value: 'elsewhere', context: {} };
  expect(lifecycle.can(nowhere, facts[0]!)).toBe(false);
  expect(lifecycle.hasTag(nowhere, 'ended')).toBe(false);
});
