import type { AnyStateMachine } from 'xstate';
import { apiKeyLifecycle } from '../../src/domain/api-key/decider.ts';
import { apiKeyMachine } from '../../src/domain/api-key/machine.ts';
import { arrivalLifecycle } from '../../src/domain/arrival/decider.ts';
import { arrivalMachine } from '../../src/domain/arrival/machine.ts';
import { claimLifecycle } from '../../src/domain/claim/decider.ts';
import { claimMachine } from '../../src/domain/claim/machine.ts';
import { draftLifecycle } from '../../src/domain/draft/decider.ts';
import { draftMachine } from '../../src/domain/draft/machine.ts';
import type { Fact } from '../../src/domain/events.ts';
import { functionLifecycle } from '../../src/domain/function/decider.ts';
import { functionMachine } from '../../src/domain/function/machine.ts';
import { invocationLifecycle } from '../../src/domain/invocation/decider.ts';
import { invocationMachine } from '../../src/domain/invocation/machine.ts';
import type { Lifecycle, LifecycleState } from '../../src/domain/lifecycle.ts';
import { replayLifecycle } from '../../src/domain/replay/decider.ts';
import { replayMachine } from '../../src/domain/replay/machine.ts';
import { triggerLifecycle } from '../../src/domain/trigger/decider.ts';
import { triggerMachine } from '../../src/domain/trigger/machine.ts';
import {
  apiKeyFacts,
  arrivalFacts,
  claimFacts,
  draftFacts,
  functionFacts,
  invocationFacts,
  replayFacts,
  triggerFacts,
} from './examples.ts';

export interface Case {
  readonly machine: AnyStateMachine;
  readonly lifecycle: Lifecycle<LifecycleState, Fact>;
  /** At least one example of every fact the machine takes. */
  readonly facts: readonly Fact[];
}

export const cases: readonly Case[] = [
  { machine: apiKeyMachine, lifecycle: apiKeyLifecycle, facts: apiKeyFacts },
  { machine: arrivalMachine, lifecycle: arrivalLifecycle, facts: arrivalFacts },
  { machine: claimMachine, lifecycle: claimLifecycle, facts: claimFacts },
  { machine: draftMachine, lifecycle: draftLifecycle, facts: draftFacts },
  { machine: functionMachine, lifecycle: functionLifecycle, facts: functionFacts },
  { machine: triggerMachine, lifecycle: triggerLifecycle, facts: triggerFacts },
  { machine: replayMachine, lifecycle: replayLifecycle, facts: replayFacts },
  { machine: invocationMachine, lifecycle: invocationLifecycle, facts: invocationFacts },
];
