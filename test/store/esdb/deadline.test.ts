import { expect, it } from 'vitest';
import { NoAnswer, within } from '../../../src/store/esdb/deadline.ts';
import { createTestClock } from '../../running/test-clock.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('a call has so long to answer, and no longer', async () => {
  const clock = createTestClock();
  const answer = within(clock, 500, 'a read', new Promise(() => {}));
  let refusal: unknown;
  answer.catch((error: unknown) => {
    refusal = error;
  });
  clock.advance(499);
  await settled();
  expect(refusal).toBeUndefined();
  clock.advance(1);
  await settled();
  expect(refusal).toBeInstanceOf(NoAnswer);
  expect(refusal).toMatchObject({ name: 'NoAnswer', message: 'no answer to a read within 500 ms' });
});

it('an answer, or a refusal, leaves no alarm behind', async () => {
  const clock = createTestClock();
  expect(await within(clock, 500, 'a read', Promise.resolve(7))).toBe(7);
  await expect(within(clock, 500, 'a read', Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(clock.toNext()).toBe(false);
});
