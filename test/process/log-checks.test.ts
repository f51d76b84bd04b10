import { describe, expect, it } from 'vitest';
import { versionOf } from '../../src/domain/events.ts';
import { asPosition } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { kept, verdictOn } from './log-checks.ts';

const logOf = (...facts: readonly (readonly [type: string, data: object])[]): StoredEvent[] =>
  facts.map(([type, data], index) => ({
    ...{ id: `event-${index}`, stream: 'any-1', revision: index, type, data },
    position: asPosition(String(index).padStart(16, '0')),
    metadata: {
      workspace: 'demo',
      actor: 'system:test',
      occurredAt: '2026-01-01T00:00:00.000Z',
      schemaVersion: versionOf(type) ?? 1,
      $correlationId: 'a',
    },
    recordedAt: '2026-01-01T00:00:00.000Z',
  }));

const arrived = ['EventArrived', { arrivalId: 'a' }] as const;
const queued = [
  'InvocationQueued',
  { invocationId: 'i', arrivalId: 'a', policy: { maxAttempts: 2 } },
] as const;
const started = ['InvocationStarted', { invocationId: 'i' }] as const;
const succeeded = ['InvocationSucceeded', { invocationId: 'i' }] as const;
const dead = ['InvocationDeadLettered', { invocationId: 'i' }] as const;
const acknowledged = new Set(['a']);

describe('the checks of a log', () => {
  it('find nothing in a log that keeps every promise', () => {
    const log = logOf(arrived, queued, started, started, succeeded);
    expect(verdictOn(log, acknowledged)).toEqual(kept);
  });

  it('find an acknowledged event that is not there', () => {
    expect(verdictOn([], acknowledged)).toMatchObject({ lost: ['a'], neverQueued: ['a'] });
  });

  it('find an event for which nothing was queued', () => {
    expect(verdictOn(logOf(arrived), acknowledged)).toEqual({ ...kept, neverQueued: ['a'] });
  });

  it('find an invocation without an outcome', () => {
    const log = logOf(arrived, queued, started);
    expect(verdictOn(log, acknowledged)).toEqual({ ...kept, unfinished: ['i'] });
  });

  it('find a second outcome', () => {
    const log = logOf(arrived, queued, started, succeeded, dead);
    expect(verdictOn(log, acknowledged)).toEqual({ ...kept, doubleOutcomes: ['i'] });
  });

  it('find an attempt too many', () => {
    const log = logOf(arrived, queued, started, started, started, succeeded);
    expect(verdictOn(log, acknowledged)).toEqual({ ...kept, beyondLimit: ['i'] });
  });
});
