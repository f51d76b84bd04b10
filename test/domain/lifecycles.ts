import type { AnyStateMachine } from 'xstate';
import { arrivalLifecycle } from '../../src/domain/arrival/decider.ts';
import { arrivalMachine } from '../../src/domain/arrival/machine.ts';
import type { Fact } from '../../src/domain/events.ts';
import { invocationLifecycle } from '../../src/domain/invocation/decider.ts';
import { invocationMachine } from '../../src/domain/invocation/machine.ts';
import type { Lifecycle, LifecycleState } from '../../src/domain/lifecycle.ts';
import { arrivalFacts, invocationFacts } from './examples.ts';

export interface Case {
  readonly machine: AnyStateMachine;
  readonly lifecycle: Lifecycle<LifecycleState, Fact>;
  /** At least one example of every fact the machine takes. */
  readonly facts: readonly Fact[];
}

export const cases: readonly Case[] = [
  { machine: arrivalMachine, lifecycle: arrivalLifecycle, facts: arrivalFacts },
  { machine: invocationMachine, lifecycle: invocationLifecycle, facts: invocationFacts },
];
