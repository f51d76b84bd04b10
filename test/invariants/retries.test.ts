import { describe } from 'vitest';
import { defaultRetryPolicy } from '../../src/domain/retry-policy.ts';
import { instantOf, type Written } from '../views/history.ts';
import { itAllows, itFinds } from './cases.ts';
import {
  aFunction,
  arrive,
  aTrigger,
  cancel,
  die,
  fail,
  failure,
  idOf,
  lose,
  queue,
  start,
  succeed,
} from './stories.ts';

const id = idOf('a');
const policy = { ...defaultRetryPolicy, maxAttempts: 2 };
const twice = aTrigger('t', { triggerMetadata: { path: 't', retry: { maxAttempts: 2 } } });
const beginning = [aFunction(), twice, arrive('a'), queue('a', { policy }), start('a')];

const retryIn = (ms: number) => ({
  retryAt: new Date(Date.parse(instantOf(0)) + ms).toISOString(),
});
const failWith = (changes: Parameters<typeof failure>[0], ms = 0): Written =>
  fail('a', 1, { failure: failure(changes), ...retryIn(ms) });
const again = [start('a', 2), succeed('a', 2)];
const hour = 3_600_000;

const dieOf = (
  reason: 'attempts-exhausted' | 'not-retryable' | 'gone' | 'function-not-found',
  changes: Parameters<typeof failure>[0],
): Written => die('a', 1, { reason, failure: failure(changes) });

describe('trying again', () => {
  itAllows(
    [
      ['another attempt after a 500', failWith({ status: 500 }), ...again],
      ['another attempt after a 429, an hour later', failWith({ status: 429 }, hour), ...again],
      ['another attempt after a timeout', failWith({ kind: 'timeout', status: null }), ...again],
      ['another at once after a stop', failWith({ kind: 'shutdown', status: null }), ...again],
      ['another after a loss, by the schedule', lose('a', 1, retryIn(1_000)), ...again],
      ['an end after a loss', lose('a'), cancel('a', 1)],
      ['death by a 404', dieOf('not-retryable', { status: 404 })],
      ['death by a redirect', dieOf('not-retryable', { kind: 'redirect', status: 302 })],
      [
        'death of a target that is not there',
        dieOf('function-not-found', { kind: 'function-not-found' }),
      ],
      ['death at the last attempt', failWith({}), start('a', 2), die('a', 2)],
      ['death by the last loss', failWith({}), start('a', 2), lose('a', 2), die('a', 2)],
    ],
    beginning,
  );
  itFinds(
    [
      [`${id} is tried again after status 404`, failWith({ status: 404 }), ...again],
      [`${id} is tried again after status 410`, failWith({ status: 410 }), ...again],
      [
        `${id} is tried again after redirect 302`,
        failWith({ kind: 'redirect', status: 302 }),
        ...again,
      ],
      [
        `${id} is tried again after blocked-address`,
        failWith({ kind: 'blocked-address' }),
        ...again,
      ],
      [
        `${id} is tried again after secret-unreadable`,
        failWith({ kind: 'secret-unreadable' }),
        ...again,
      ],
      [
        `${id} failed for the last time and is not dead`,
        failWith({}),
        start('a', 2),
        fail('a', 2),
        cancel('a', 2),
      ],
      [`${id} is tried again after -60000 ms, not 0 to 3600000`, failWith({}, -60_000), ...again],
      [`${id} is tried again after 3600001 ms, not 0 to 3600000`, failWith({}, hour + 1), ...again],
      [`${id} is tried again after 1001 ms, not 0 to 1000`, lose('a', 1, retryIn(1_001)), ...again],
      [`${id} is tried again after 1 ms, not 0 to 0`, failWith({ kind: 'shutdown' }, 1), ...again],
      [`${id} is tried again after NaN ms`, fail('a', 1, { retryAt: 'soon' }), ...again],
      [`${id} died after 1 of 2 attempts`, die('a')],
      [`${id} died of not-retryable, not of attempts-exhausted`, dieOf('not-retryable', {})],
      [`${id} died of not-retryable, not of gone`, dieOf('not-retryable', { kind: 'gone' })],
      [`${id} died of gone, not of not-retryable`, dieOf('gone', { status: 404 })],
      [
        `${id} succeeded with status 302`,
        succeed('a', 1, {
          answer: {
            status: 302,
            contentType: null,
            truncated: false,
            body: { encoding: 'utf8', content: '' },
          },
        }),
      ],
    ],
    beginning,
  );
});
