import { expect, it } from 'vitest';
import { isTriplineError, TriplineError } from '../../src/domain/errors.ts';

it('has a code, a sentence and, where it was given them, details and a cause', () => {
  const cause = new Error('below');
  const details = [{ field: 'name', message: 'is taken' }];
  const error = new TriplineError('name-taken', 'the name is taken', { cause, details });
  expect(error).toMatchObject({ code: 'name-taken', message: 'the name is taken', details, cause });
  expect(String(error)).toBe('TriplineError: the name is taken');
});

it('has no details and no cause that nobody gave it', () => {
  for (const options of [undefined, {}, { details: [] }]) {
    const error = new TriplineError('not-found', 'no such thing', options);
    expect(error.details).toEqual([]);
    expect('cause' in error).toBe(false);
  }
  expect('cause' in new TriplineError('internal', 'x', { cause: undefined })).toBe(true);
});

it('is known by its code', () => {
  const error = new TriplineError('not-found', 'no such thing');
  expect(isTriplineError(error)).toBe(true);
  expect(isTriplineError(error, 'not-found')).toBe(true);
  expect(isTriplineError(error, 'conflict')).toBe(false);
  expect(isTriplineError({ ...error, code: 'not-found' }, 'not-found')).toBe(false);
  expect(isTriplineError(undefined)).toBe(false);
});
