import { expect } from 'vitest';
import type { Decider } from '../../src/domain/decider.ts';
import { isTriplineError } from '../../src/domain/errors.ts';
import type { Fact } from '../../src/domain/events.ts';

/** Scenarios of one decider that read as sentences: given what happened, when asked, expect. */
export const scenarios =
  <State, Command>(decider: Decider<State, Command>) =>
  (...history: readonly Fact[]) => {
    const state = history.reduce((at, fact) => decider.evolve(at, fact), decider.initialState);
    return {
      when: (command: Command) => ({
        expect: (...facts: readonly Fact[]) => {
          const decided = decider.decide(command, state);
          expect(decided).toEqual(facts);
          decided.reduce((at, fact) => decider.evolve(at, fact), state);
        },
        decided: (): readonly Fact[] => decider.decide(command, state),
        refused: (code: string) => {
          try {
            decider.decide(command, state);
          } catch (error) {
            expect(isTriplineError(error) ? error.code : error).toBe(code);
            return;
          }
          expect.unreachable(`expected ${code}`);
        },
      }),
    };
  };
