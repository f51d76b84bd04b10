import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyStateNode, initialTransition, transition } from 'xstate';
import { getSimplePaths } from 'xstate/graph';
import { isTriplineError } from '../../src/domain/errors.ts';
import type { Fact } from '../../src/domain/events.ts';
import type { LifecycleState } from '../../src/domain/lifecycle.ts';
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
