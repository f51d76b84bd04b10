import { describe, expect, it } from 'vitest';
import {
  apiKeyStream,
  arrivalStream,
  claimStream,
  draftStream,
  invocationStream,
  publishedIdOf,
  retryIdOf,
} from '../../src/domain/ids.ts';
import type { Written } from '../views/history.ts';
import {
  aFunction,
  arrive,
  aTrigger,
  die,
  fail,
  from,
  gone,
  idOf,
  judged,
  lose,
  promise,
  queue,
  revise,
  start,
  succeed,
  turn,
  withhold,
} from './stories.ts';

const { data: revised } = aFunction('f', { version: 2 }).fact;
const [draftId, again] = ['draft-1', retryIdOf(idOf('b'), 1)];
const published = publishedIdOf(draftId);
const listening = {
  executionType: 'message',
  triggerMetadata: { topic: 'm', concurrency: 1, queueCapacity: 5, overflow: 'keep' },
};
const name = { kind: 'trigger-name', name: 't', holder: 't' } as const;
const instant = '2026-01-01T00:01:00.000Z';
const missed = {
  ...{ triggerId: 'clock', reason: 'missed', count: 1, instants: [instant] },
  ...{ first: instant, last: instant },
} as const;
const tickAt = '2026-01-01T00:02:00.000Z';
const tick = { source: { kind: 'scheduled', key: 'clock' }, deliveryId: `clock@${tickAt}` };

const one = (stream: string, fact: Written['fact']): Written => ({ stream, fact });
const of = (invocationId: string) => ({ invocationId });
const byClock = { triggerId: 'clock', invocationId: idOf('tick', 'clock') };

/** A little of everything. */
const history: readonly Written[] = [
  aFunction(),
  one('function-f', { type: 'FunctionRevised', data: revised }),
  one(apiKeyStream('k'), {
    type: 'ApiKeyIssued',
    data: { keyId: 'k', name: 'k', scopes: [], expiresAt: null, secretSha256: '00' },
  }),
  one(claimStream('acme', name.kind, name.name), { type: 'NameClaimed', data: name }),
  {
    ...aTrigger('t', { triggerMetadata: { path: 't', concurrency: 1, queueCapacity: 2 } }),
    metadata: { actor: 'key:k' },
  },
  promise('a'),
  queue('a'),
  start('a'),
  fail('a'),
  start('a', 2),
  lose('a', 2),
  start('a', 3),
  succeed('a', 3),
  revise('t', { triggerMetadata: { path: 'moved', concurrency: 1, queueCapacity: 2 } }),
  promise('b', 't', 2),
  queue('b', { triggerVersion: 2 }),
  start('b'),
  die('b', 1, {
    reason: 'not-retryable',
    failure: { kind: 'redirect', message: '', status: 302, body: null },
  }),
  one(invocationStream(idOf('b')), {
    type: 'InvocationRetried',
    data: { invocationId: idOf('b'), triggerId: 't', retriedAs: again },
  }),
  queue('b', { ...of(again), triggerVersion: 2, retryOf: idOf('b') }),
  start('b', 1, of(again)),
  succeed('b', 1, of(again)),
  aTrigger('m', listening),
  aTrigger('n', listening),
  turn('TriggerPaused', 'n'),
  arrive('c', from('message', 'm')),
  withhold('c', [['n', 'paused']]),
  queue('c', { triggerId: 'm' }),
  start('c', 1, { triggerId: 'm', ...of(idOf('c', 'm')) }),
  succeed('c', 1, { triggerId: 'm', ...of(idOf('c', 'm')) }),
  turn('TriggerResumed', 'n'),
  turn('TriggerRetired', 'n'),
  one(draftStream(draftId), { type: 'DraftSaved', data: { draftId, content: {} } }),
  aTrigger(published),
  one(draftStream(draftId), { type: 'DraftPublished', data: { draftId, triggerId: published } }),
  aTrigger('clock', { executionType: 'scheduled', triggerMetadata: { interval: 60 } }),
  one(arrivalStream('missed'), { type: 'TicksMissed', data: missed }),
  arrive('tick', tick),
  queue('tick', { triggerId: 'clock' }),
  start('tick', 1, byClock),
  succeed('tick', 1, byClock),
  ...gone('clock', 'last'),
];

/** What may be left out: the log does not say that it had to be there. */
const dispensable: ReadonlySet<string> = new Set([
  'FunctionRevised',
  'NameClaimed',
  'DraftPublished',
  'TriggerResumed',
  'TriggerRetired',
  'TicksMissed',
]);

/** What may stand at the beginning of everything: it follows on nothing. */
const first: ReadonlySet<string> = new Set([
  'FunctionRegistered',
  'TriggerRegistered',
  'ApiKeyIssued',
  'NameClaimed',
  'DraftSaved',
  'TicksMissed',
]);

const except = (types: ReadonlySet<string>) =>
  history
    .map((written, place): [string, number] => [`${written.fact.type} at ${place + 1}`, place])
    .filter((_, place) => !types.has(history[place]?.fact.type ?? ''));

describe('a log that keeps every promise', () => {
  it('has nothing against it', () => {
    expect(judged(history)).toEqual([]);
    expect(judged(history, { remembers: 'open' })).toEqual([]);
  });

  it.each(except(dispensable))('is found out without %s', (_, place) => {
    expect(judged(history.toSpliced(place, 1))).not.toEqual([]);
  });

  it.each(except(new Set(['DraftSaved'])))('is found out with %s told twice', (_, place) => {
    const written = history[place] as Written;
    expect(judged(history.toSpliced(place, 0, written))).not.toEqual([]);
    expect(judged([...history, written])).not.toEqual([]);
  });

  it.each(except(first))('is found out with %s before what it follows on', (_, place) => {
    const written = history[place] as Written;
    expect(judged([written, ...history.toSpliced(place, 1)])).not.toEqual([]);
  });
});
