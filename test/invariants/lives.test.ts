import { describe } from 'vitest';
import { defaultRetryPolicy } from '../../src/domain/retry-policy.ts';
import { itAllows, itFinds, type Line } from './cases.ts';
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
  turn,
} from './stories.ts';

const policy = { ...defaultRetryPolicy, maxAttempts: 2 };
const twice = { path: 't', retry: { maxAttempts: 2 } };
const beginning = [aFunction(), aTrigger('t', { triggerMetadata: twice }), arrive('a')];
const queued = queue('a', { policy });
const cutShort = { failure: failure({ kind: 'shutdown', status: null }) };

const good: readonly Line[] = [
  ['success at once', queued, start('a'), succeed('a')],
  ['success after a failure', queued, start('a'), fail('a'), start('a', 2), succeed('a', 2)],
  ['death at the limit', queued, start('a'), lose('a'), start('a', 2), die('a', 2)],
  [
    'attempts cut short beyond the limit',
    queued,
    ...[1, 2, 3, 4].flatMap((n) => [start('a', n), fail('a', n, cutShort)]),
    start('a', 5),
    succeed('a', 5),
  ],
  ['an end before the start', queued, cancel('a')],
  ['a cancelled attempt', queued, start('a'), cancel('a', 1)],
  ['a stopped trigger, for which it waits', queued, turn('TriggerPaused')],
];

const bad: readonly Line[] = [
  [`${idOf('a')} has ended before`, queued, cancel('a'), cancel('a')],
  [`${idOf('a')} has ended before`, queued, start('a'), succeed('a'), cancel('a', 1)],
  [`${idOf('a')} has ended before`, queued, cancel('a'), start('a')],
  [`${idOf('a')} runs already, as a#1`, queued, start('a'), start('a', 2), cancel('a', 2)],
  [`${idOf('a')} starts attempt 2 after 0`, queued, start('a', 2), cancel('a', 2)],
  [`attempt 1 (a#1) of ${idOf('a')} does not run`, queued, succeed('a')],
  [
    `attempt 1 (a#1) of ${idOf('a')} does not run`,
    queued,
    ...[start('a'), fail('a'), start('a', 2), succeed('a', 1)],
  ],
  [
    `${idOf('a')} has had its 2 attempts`,
    queued,
    ...[start('a'), fail('a'), start('a', 2), lose('a', 2), start('a', 3), cancel('a', 3)],
  ],
  [`${idOf('a')} ends at attempt 2, not 1`, queued, start('a'), die('a', 2)],
  [`${idOf('a')} has no outcome`, queued, start('a'), turn('TriggerPaused')],
  [`${idOf('a')} has no outcome`, queued, turn('TriggerRetired')],
  [`${idOf('a')} is of t, not of other`, queued, cancel('a', 0, { triggerId: 'other' })],
];

/** To be found only where ended ones are remembered: an invocation has no stream that would tell. */
const badInAll: readonly Line[] = [
  [`${idOf('a')} was queued before`, queued, cancel('a'), queued],
  [`${idOf('b')} was never queued`, queued, cancel('a'), cancel('b')],
];

describe('the life of an invocation', () => {
  itAllows(good, beginning);
  itFinds(bad, beginning);
  itFinds(badInAll, beginning, [{ remembers: 'all' }]);
});
