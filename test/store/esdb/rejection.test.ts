import * as client from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';
import { TriplineError } from '../../../src/domain/errors.ts';
import { judgeRejection } from '../../../src/store/esdb/rejection.ts';

/** As the client throws it, without a server to say it. */
const thrown = (type: { readonly prototype: Error }, fields: object = {}): Error =>
  Object.assign(Object.create(type.prototype) as Error, fields);

const refusedWith = (code: string) => ({ kind: 'refused', error: { code } });
const leader = { address: 'n', port: 1 };

describe('a rejected call', () => {
  it.each<[string, unknown, object]>([
    [
      'a stream elsewhere',
      thrown(client.WrongExpectedVersionError, { actualVersion: 3n }),
      { kind: 'conflict', actual: 3 },
    ],
    [
      'a stream at its first',
      thrown(client.WrongExpectedVersionError, { actualVersion: 0n }),
      { kind: 'conflict', actual: 0 },
    ],
    [
      'no stream',
      thrown(client.WrongExpectedVersionError, { actualVersion: -1n }),
      { kind: 'conflict', actual: 'no_stream' },
    ],
    [
      'no number at all',
      thrown(client.WrongExpectedVersionError, { actualVersion: 'none' }),
      { kind: 'conflict', actual: 'no_stream' },
    ],
    [
      'no connection',
      new TriplineError('store-unavailable', 'x'),
      { kind: 'not-done', renew: true },
    ],
    [
      'another error of ours',
      new TriplineError('corrupt-store', 'x'),
      refusedWith('corrupt-store'),
    ],
    [
      'a stream that is not there',
      thrown(client.StreamNotFoundError),
      refusedWith('stream-not-found'),
    ],
    ['a stream that is deleted', thrown(client.StreamDeletedError), refusedWith('stream-deleted')],
    ['too much', thrown(client.MaxAppendSizeExceededError), refusedWith('event-too-large')],
    [
      'a call that is malformed',
      thrown(client.InvalidArgumentError),
      refusedWith('validation-failed'),
    ],
    ['no access', thrown(client.AccessDeniedError), refusedWith('store-unavailable')],
    [
      'too much, in words',
      thrown(client.UnknownError, { message: 'Maximum Append Size of 1 Exceeded' }),
      refusedWith('event-too-large'),
    ],
    [
      'too much, in other words',
      thrown(client.UnknownError, { message: 'exceeds the size' }),
      refusedWith('event-too-large'),
    ],
    [
      'words the client does not know',
      thrown(client.UnknownError, { message: 'Could not recognize x' }),
      { kind: 'not-done', renew: false },
    ],
    [
      'words like those',
      thrown(client.UnknownError, { message: 'I Could not recognize x' }),
      { kind: 'unknown', renew: true },
    ],
    [
      'a status for malformed',
      thrown(client.UnknownError, { message: '', code: 3 }),
      refusedWith('validation-failed'),
    ],
    [
      'another status',
      thrown(client.UnknownError, { message: '', code: 2 }),
      { kind: 'unknown', renew: true },
    ],
    [
      'another leader',
      thrown(client.NotLeaderError, { leader }),
      { kind: 'unknown', renew: true, node: leader },
    ],
    [
      'nobody there',
      new Error('Failed to discover after 3 attempts.'),
      { kind: 'not-done', renew: true },
    ],
    ['something else', new Error('We Failed to discover'), { kind: 'unknown', renew: true }],
    ['what is no error', { message: 'Failed to discover' }, { kind: 'unknown', renew: true }],
    ['a server out of time', thrown(client.TimeoutError), { kind: 'unknown', renew: false }],
    [
      'a write out of time',
      thrown(client.DeadlineExceededError),
      { kind: 'unknown', renew: false },
    ],
    [
      'a call out of time',
      thrown(client.DeadlineExceededError, { code: 4 }),
      { kind: 'unknown', renew: true },
    ],
  ])('for %s', (_, error, rejection) => {
    const judged = judgeRejection(error, 'thing-1');
    expect(judged).toMatchObject(rejection);
    expect(Object.keys(judged)).toEqual(Object.keys(rejection));
  });

  it('keeps what the server said as its cause', () => {
    for (const type of [
      client.MaxAppendSizeExceededError,
      client.InvalidArgumentError,
      client.AccessDeniedError,
    ]) {
      const cause = thrown(type);
      expect(judgeRejection(cause, 'thing-1')).toMatchObject({ error: { cause } });
    }
  });
});
