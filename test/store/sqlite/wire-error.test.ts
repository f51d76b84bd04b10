import { describe, expect, it } from 'vitest';
import { TriplineError } from '../../../src/domain/errors.ts';
import { fromWire, toWire } from '../../../src/store/sqlite/wire-error.ts';
import { WrongExpectedRevision } from '../../../src/store/wrong-expected-revision.ts';

/** As it goes from one thread to another. */
const sent = (error: unknown): TriplineError => fromWire(structuredClone(toWire(error)));

describe('an error of the store, on the other side', () => {
  it('has its code and its message', () => {
    expect(sent(new TriplineError('disk-full', 'no space'))).toMatchObject({
      code: 'disk-full',
      message: 'no space',
    });
  });

  it.each([[4], ['no_stream']] as const)('still says what a conflict was about: %s', (actual) => {
    const error = sent(new WrongExpectedRevision('arrival-1', 'any', actual));

    expect(error).toBeInstanceOf(WrongExpectedRevision);
    expect(error).toMatchObject({ stream: 'arrival-1', expected: 'any', actual });
  });

  it.each([
    [new Error('disk I/O error'), 'the store failed: disk I/O error'],
    ['thrown text', 'the store failed: thrown text'],
  ])('is a failure of the store where nobody expected it', (error, message) => {
    expect(sent(error)).toMatchObject({ code: 'store-failed', message });
  });
});
