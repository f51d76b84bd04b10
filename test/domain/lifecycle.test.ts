import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialTransition, transition } from 'xstate';
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

describe.each(cases.map((entry) => [entry.machine.id, entry] as const))('the %s machine', (_, entry) => {
  const { machine, lifecycle, facts } = entry;
  const nodes = [machine.root, ...Object.values(machine.states)];
  // Context apart, so that counters do not make the graph endless.
  const serializeState = (snapshot: { readonly value: unknown }) => JSON.stringify(snapshot.value);
  const paths = getSimplePaths(machine, { events: [...facts], serializeState });

  it('has no guard, no invoke, no after, no always, no wildcard and no nested state', () => {
    for (const node of nodes) {
      expect(node.invoke).toEqual([]);
      expect(node.after).toEqual([]);
      expect(node.always ?? []).toEqual([]);
      expect([...node.entry, ...node.exit]).toEqual([]);
      for (const [type, transitions] of node.transitions) {
        expect(type).not.toContain('*');
        expect(transitions).toHaveLength(1);
        for (const { guard, reenter, target } of transitions) {
          expect({ guard, reenter }).toEqual({ guard: undefined, reenter: false });
          expect((target ?? []).length).toBeLessThanOrEqual(1);
        }
      }
      if (node !== machine.root) expect(node.type).toBe('atomic');
    }
    expect(machine.root.transitions.size).toBe(0);
    expect(typeof machine.config.context).toBe('object');
  });

  it('reaches every state and takes every fact somewhere', () => {
    const reached = new Set(paths.map(({ state }) => state.value));
    expect([...reached].sort()).toEqual(Object.keys(machine.states).sort());
    const taken = new Set(nodes.flatMap((node) => [...node.transitions.keys()]));
    expect(new Set(facts.map(({ type }) => type))).toEqual(taken);
  });

  it('starts in the table where it starts in XState', () => {
    const { value, context } = initialTransition(machine)[0];
    expect(lifecycle.initialState).toEqual({ value, context });
  });

  it('says the same as its table on every path, with every fact, at every step', () => {
    for (const path of paths) {
      let snapshot = initialTransition(machine)[0];
      let state = lifecycle.initialState;
      for (const { event } of path.steps) {
        if (event.type === 'xstate.init') continue;
        for (const fact of facts) expect(lifecycle.can(state, fact)).toBe(snapshot.can(fact));
        snapshot = transition(machine, snapshot, event)[0];
        state = lifecycle.evolve(state, event as Fact);
        expect(state).toEqual({ value: snapshot.value, context: snapshot.context });
      }
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
          expect(state).toEqual({ value: snapshot.value, context: snapshot.context });
          for (const tag of ['ended', 'accepting']) {
            expect(lifecycle.hasTag(state, tag)).toBe(snapshot.hasTag(tag));
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
