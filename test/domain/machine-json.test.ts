import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { machineJsonOf } from '../../src/domain/machine-json.ts';
import { machines } from '../../src/domain/machines.ts';

const stepsOf = (machine: typeof machines extends ReadonlyMap<string, infer M> ? M : never) =>
  Object.values(machine.states).flatMap((node) =>
    [...node.transitions].map(([fact, [step]]) => [
      node.key,
      fact,
      step?.target?.[0]?.key ?? node.key,
    ]),
  );

describe.each([...machines])('the %s machine as JSON', (_, machine) => {
  it('is the same machine when XState reads it back', () => {
    const read = createMachine(JSON.parse(JSON.stringify(machineJsonOf(machine))));
    expect(stepsOf(read)).toEqual(stepsOf(machine));
    expect(Object.keys(read.states)).toEqual(Object.keys(machine.states));
    expect(read.root.initial.target.map(({ key }) => key)).toEqual(
      machine.root.initial.target.map(({ key }) => key),
    );
  });
});

it('a machine as JSON says where it begins, what its states are, and where each fact leads', () => {
  const lamp = createMachine({
    id: 'lamp',
    initial: 'off',
    states: {
      on: { tags: ['bright'], on: { PRESS: 'off', DIM: {}, DROP: 'broken' } },
      off: { on: { PRESS: 'on' } },
      broken: { type: 'final' },
    },
  });
  expect(machineJsonOf(lamp)).toEqual({
    id: 'lamp',
    initial: 'off',
    states: {
      on: { tags: ['bright'], on: { PRESS: 'off', DIM: 'on', DROP: 'broken' } },
      off: { on: { PRESS: 'on' } },
      broken: { type: 'final', on: {} },
    },
  });
});
