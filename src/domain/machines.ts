import type { AnyStateMachine } from 'xstate';
import { apiKeyMachine } from './api-key/machine.ts';
import { arrivalMachine } from './arrival/machine.ts';
import { claimMachine } from './claim/machine.ts';
import { draftMachine } from './draft/machine.ts';
import { functionMachine } from './function/machine.ts';
import { invocationMachine } from './invocation/machine.ts';
import { replayMachine } from './replay/machine.ts';
import { triggerMachine } from './trigger/machine.ts';

/** Every machine, by the entity it rules. */
export const machines: ReadonlyMap<string, AnyStateMachine> = new Map<string, AnyStateMachine>(
  [
    triggerMachine,
    draftMachine,
    functionMachine,
    apiKeyMachine,
    arrivalMachine,
    invocationMachine,
    claimMachine,
    replayMachine,
  ].map((machine) => [machine.id, machine]),
);
