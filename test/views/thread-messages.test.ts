import { expect, it } from 'vitest';
import { TriplineError } from '../../src/domain/errors.ts';
import { receivedError, sentError } from '../../src/views/thread-messages.ts';

/** As a message to another thread carries it. */
const across = (error: unknown) => receivedError(structuredClone(sentError(error)));

it('an error keeps on its way between threads what callers act on', () => {
  const details = [{ field: 'after', message: 'is not a cursor of this list' }];
  const refusal = new TriplineError('validation-failed', 'after is no cursor', { details });
  expect(across(refusal)).toMatchObject({
    code: 'validation-failed',
    message: 'after is no cursor',
    details,
    cause: undefined,
  });
});

it('what caused it is told as text', () => {
  const because = (cause: unknown) =>
    across(new TriplineError('store-unavailable', 'the views are being rebuilt', { cause })).cause;
  expect(because(new RangeError('torn page'))).toBe('RangeError: torn page');
  expect(because('torn page')).toBeUndefined();
});

it('an error without a code is a bug, and tells where it happened', () => {
  const bug = new TypeError('undefined is not a function');
  expect(across(bug)).toMatchObject({
    code: 'internal',
    message: 'undefined is not a function',
    details: [],
    cause: bug.stack,
  });
  expect(across('thrown text')).toMatchObject({ message: 'thrown text', cause: undefined });
});
