import fc from 'fast-check';
import { instantOf } from '../views/history.ts';

const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });
const instant = fc.integer({ min: 0, max: 130 }).map(instantOf);

/** Questions about the generated histories: about what is there, and about what is not. */
export const filterArbitrary = fc.record({
  workspace: fc.constantFrom('acme', 'umbrella', 'nobody'),
  actor: maybe(fc.constantFrom('user:ada', 'system:dispatcher', 'user:eve')),
  entity: maybe(fc.constantFrom('i1', 'invocation-i2', 't1', 'a1', 'nothing')),
  types: maybe(
    fc.subarray(
      ['EventArrived', 'InvocationQueued', 'InvocationSucceeded', 'TriggerPaused', 'FromTheFuture'],
      { minLength: 1 },
    ),
  ),
  correlationId: maybe(fc.constantFrom('story-0', 'story-3', 'story-9')),
  fromTime: maybe(instant),
  toTime: maybe(instant),
});
