import { describe, expect, it } from 'vitest';
import { invocationIdOf } from '../src/domain/ids.ts';
import { asPosition } from '../src/domain/position.ts';
import type { StoredEvent } from '../src/domain/recorded.ts';
import { checkInvariants } from './invariants.ts';

type Line = readonly [type: string, invocation: string, data?: object];

const triggerId = 't';
const idOf = (arrival: string): string => invocationIdOf(arrival, triggerId);

/** A log in short hand; the second word names the arrival and so its invocation. */
const logOf = (...lines: readonly Line[]): StoredEvent[] => {
  const revisions = new Map<string, number>();
  return lines.map(([type, name, data], index) => {
    const stream = type === 'EventArrived' ? `arrival-${name}` : `invocation-${name}`;
    const revision = (revisions.get(stream) ?? -1) + 1;
    revisions.set(stream, revision);
    const base = { arrivalId: name, invocationId: idOf(name), triggerId };
    return {
      id: String(index),
      stream,
      revision,
      position: asPosition(String(index).padStart(16, '0')),
      type,
      data: { ...base, ...data },
      metadata: {
        workspace: 'acme',
        actor: 'test',
        occurredAt: '',
        schemaVersion: 1,
        $correlationId: '',
      },
      recordedAt: '',
    };
  });
};

const registered: Line = [
  'TriggerRegistered',
  'trigger',
  { executionType: 'webhook', triggerMetadata: { path: '/p' } },
];
const arrived = (name: string): Line => [
  'EventArrived',
  name,
  { source: { kind: 'webhook', key: 'p' } },
];
const queued = (name: string, orderingKey: string | null = null, maxAttempts = 2): Line => [
  'InvocationQueued',
  name,
  { orderingKey, policy: { maxAttempts } },
];
const started = (name: string, attempt = 1): Line => [
  'InvocationStarted',
  name,
  { attempt, attemptId: `${name}${attempt}` },
];
const failed = (name: string, attempt = 1, kind = 'status'): Line => [
  'InvocationFailed',
  name,
  { attempt, attemptId: `${name}${attempt}`, failure: { kind } },
];
const succeeded = (name: string, attempt = 1): Line => [
  'InvocationSucceeded',
  name,
  { attempt, attemptId: `${name}${attempt}` },
];
const cancelled = (name: string): Line => ['InvocationCancelled', name, { attempt: 0 }];

describe('the judge of logs', () => {
  it('has nothing against a good one', () => {
    const log = logOf(
      registered,
      arrived('a'),
      arrived('b'),
      queued('a', 'k'),
      queued('b', 'k'),
      started('a'),
      failed('a', 1, 'shutdown'),
      started('a', 2),
      failed('a', 2),
      started('a', 3),
      succeeded('a', 3),
      cancelled('b'),
    );
    expect(checkInvariants(log, { settled: true })).toEqual([]);
  });

  it.each<[string, readonly Line[]]>([
    ['has no invocation', [registered, arrived('a')]],
    ['has no outcome', [queued('a'), started('a')]],
    [
      'was never repeated',
      [queued('a'), cancelled('a'), ['InvocationRetried', 'a', { retriedAs: 'x' }]],
    ],
    ['queued twice', [queued('a'), cancelled('a'), queued('a')]],
    ['after the end', [queued('a'), cancelled('a'), cancelled('a')]],
    ['after the end', [queued('a'), cancelled('a'), started('a')]],
    ['while another attempt runs', [queued('a'), started('a'), started('a', 2), cancelled('a')]],
    ['out of count', [queued('a'), started('a', 2), cancelled('a')]],
    ['of an attempt not running', [queued('a'), succeeded('a')]],
    ['never queued', [cancelled('a')]],
    [
      'more than 1 attempts',
      [queued('a', null, 1), started('a'), failed('a'), started('a', 2), cancelled('a')],
    ],
    [
      'before its turn',
      [queued('a', 'k'), queued('b', 'k'), started('b'), succeeded('b'), cancelled('a')],
    ],
  ])('finds: %s', (sentence, lines) => {
    const broken = checkInvariants(logOf(...lines), { settled: true });
    expect(broken.join('\n')).toContain(sentence);
  });
});
