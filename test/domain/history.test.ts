import { describe, expect, it } from 'vitest';
import { historyOf } from '../../src/domain/history.ts';
import { invocationLifecycle } from '../../src/domain/invocation/decider.ts';
import { asPosition } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { now, queued, repeated, started, succeeded } from './examples.ts';

const stored = (
  { type, data }: { readonly type: string; readonly data: object },
  revision: number,
): StoredEvent => ({
  id: `id-${revision}`,
  stream: 'invocation-1',
  revision,
  position: asPosition(String(revision + 10)),
  type,
  data,
  metadata: {
    workspace: 'acme',
    actor: 'system:router',
    occurredAt: now,
    schemaVersion: 1,
    $correlationId: 'c',
  },
  recordedAt: now,
});

describe('a history', () => {
  it('steps through the machine, one step per event', () => {
    const steps = historyOf(invocationLifecycle, [queued, started, succeeded].map(stored));
    expect(steps.map(({ from, type, to }) => [from, type, to])).toEqual([
      ['absent', 'InvocationQueued', 'queued'],
      ['queued', 'InvocationStarted', 'running'],
      ['running', 'InvocationSucceeded', 'succeeded'],
    ]);
    expect(steps[1]).toMatchObject({
      revision: 1,
      position: '11',
      occurredAt: now,
      actor: 'system:router',
    });
  });

  it('lists what a later release recorded without moving', () => {
    const later = { type: 'InvocationAdmired', data: {} };
    const steps = historyOf(invocationLifecycle, [queued, later, started].map(stored));
    expect(steps.map(({ from, to }) => [from, to])).toEqual([
      ['absent', 'queued'],
      ['queued', 'queued'],
      ['queued', 'running'],
    ]);
  });

  it('stops at a fact that cannot have happened', () => {
    expect(() => historyOf(invocationLifecycle, [queued, succeeded].map(stored))).toThrow(
      'InvocationSucceeded is not possible while invocation is queued',
    );
    expect(() => historyOf(invocationLifecycle, [stored(repeated, 0)])).toThrow('not possible');
  });
});
