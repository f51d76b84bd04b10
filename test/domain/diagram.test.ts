import { describe, expect, it } from 'vitest';
import { diagramOf } from '../../src/domain/diagram.ts';
import { machines } from '../../src/domain/machines.ts';
import { triggerMachine } from '../../src/domain/trigger/machine.ts';
import { cases } from './lifecycles.ts';

describe('the diagram of a machine', () => {
  it('shows what a trigger goes through', () => {
    expect(diagramOf(triggerMachine)).toBe(`stateDiagram-v2
  [*] --> absent
  absent --> active: TriggerRegistered
  active --> active: TriggerRevised
  active --> active: TriggerSecretsResealed
  active --> retired: TriggerRetired
  active --> paused: TriggerPaused
  active --> suspended: TriggerSuspended
  paused --> paused: TriggerRevised
  paused --> paused: TriggerSecretsResealed
  paused --> retired: TriggerRetired
  paused --> active: TriggerResumed
  suspended --> suspended: TriggerRevised
  suspended --> suspended: TriggerSecretsResealed
  suspended --> retired: TriggerRetired
  suspended --> paused: TriggerPaused
  suspended --> active: TriggerResumed
  retired --> [*]
`);
  });

  it.each(cases)('has a line for every fact the $machine.id machine takes', ({ machine }) => {
    const taken = Object.values(machine.states).flatMap((node) =>
      [...node.transitions.keys()].map((type) => `${node.key} --> .+: ${type}\n`),
    );
    const diagram = diagramOf(machine);
    for (const line of taken) expect(diagram).toMatch(new RegExp(line));
  });

  it('exists for every machine that is tested, and the other way round', () => {
    expect([...machines.keys()].sort()).toEqual(cases.map(({ machine }) => machine.id).sort());
  });
});
