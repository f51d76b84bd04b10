import { expect, it } from 'vitest';
import { triggerClaims } from '../../../src/domain/trigger/claims.ts';
import { sameTiming, timingOf } from '../../../src/domain/trigger/timing.ts';
import { isWebhookPath, webhookKey } from '../../../src/domain/trigger/webhook-path.ts';

const claimsOf = (executionType: string, triggerMetadata: Record<string, string | number>) =>
  triggerClaims({ name: 'on push', executionType, triggerMetadata });
const name = { kind: 'trigger-name', name: 'on push' };

it('a webhook is the only one with its name and its path', () => {
  expect(claimsOf('webhook', { path: '/github' })).toEqual([
    name,
    { kind: 'webhook-path', name: 'github' },
  ]);
});

it.each([
  ['event', { path: '/github' }],
  ['webhook', {}],
  ['webhook', { path: 7 }],
] as const)('a trigger of type %s with %j shares whatever path with others', (type, metadata) => {
  expect(claimsOf(type, metadata)).toEqual([name]);
});

it('a path is the same with and without the slash before it', () => {
  expect(['/a/b', 'a/b', '//a'].map(webhookKey)).toEqual(['a/b', 'a/b', '/a']);
});

it.each(['github', '/github', 'a/b-c_d/e.f', 'grüße', 'a:b@c', '...', 'a..b'])(
  'a request can name the path %j',
  (path) => {
    expect(isWebhookPath(path)).toBe(true);
  },
);

it.each([
  ...['', '/', '//a', 'a//b', 'a/', '.', '..', 'a/./b', 'a/../b'],
  ...[
    'a b',
    'a?b',
    'a#b',
    'a%20b',
    'a\\b',
    'a\u0000',
    'a\u007f',
    'a\u0085',
    ' a',
    'a\n',
    'a\u2028',
  ],
])('no request can name the path %j', (path) => {
  expect(isWebhookPath(path)).toBe(false);
});

it('the timing of a schedule is what says when it ticks, and nothing else', () => {
  const timing = { cron: '0 * * * *', timezone: 'Europe/Berlin' };
  expect(timingOf({ ...timing, overlap: 'queue', at: undefined })).toStrictEqual(timing);
  expect(sameTiming(timing, { ...timing })).toBe(true);
  expect(sameTiming(timing, { ...timing, timezone: 'UTC' })).toBe(false);
  expect(sameTiming({}, { interval: 1 })).toBe(false);
});
