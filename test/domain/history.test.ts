import { describe, expect, it } from 'vitest';
import { versionOf } from '../../src/domain/events.ts';
import { historyOf } from '../../src/domain/history.ts';
import { invocationLifecycle } from '../../src/domain/invocation/decider.ts';
import { asPosition } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { triggerLifecycle } from '../../src/domain/trigger/decider.ts';
import { cancelled, now, queued, repeated, started, succeeded, triggerFacts } from './examples.ts';

const stored = (
  { type, data }: { readonly type: string; readonly data: unknown },
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
    schemaVersion: versionOf(type) ?? 1,
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

  it('says which version each step led to, and why it was taken, where there is such a thing', () => {
    const steps = historyOf(triggerLifecycle, triggerFacts.map(stored));
    expect(steps.map(({ type, version, reason }) => [type, version, reason])).toEqual([
      ['TriggerRegistered', 1, null],
      ['TriggerRevised', 2, null],
      ['TriggerPaused', 2, 'by hand'],
      ['TriggerResumed', 2, null],
      ['TriggerSuspended', 2, 'gone'],
      ['TriggerSecretsResealed', 2, null],
      ['TriggerRetired', 2, null],
    ]);
    const ofInvocation = historyOf(invocationLifecycle, [queued, cancelled].map(stored));
    expect(ofInvocation.map(({ version, reason }) => [version, reason])).toEqual([
      [null, null],
      [null, 'by hand'],
    ]);
  });

  it('takes no reason from what it cannot read', () => {
    const later = (data: unknown) => stored({ type: 'InvocationAdmired', data }, 0);
    const told = [null, 'text', ['reason'], { reason: 1 }, { reason: 'much' }].map(later);
    expect(historyOf(invocationLifecycle, told).map(({ reason }) => reason)).toEqual([
      ...[null, null, null, null],
      'much',
    ]);
  });

  it('stops at a fact that cannot have happened', () => {
    expect(() => historyOf(invocationLifecycle, [queued, succeeded].map(stored))).toThrow(
      'InvocationSucceeded is not possible while invocation is queued',
    );
    expect(() => historyOf(invocationLifecycle, [stored(repeated, 0)])).toThrow('not possible');
  });
});
