import { describe, expect, it } from 'vitest';
import type { FunctionEntry, TriggerEntry, TriggerStatus } from '../../projections/registry.ts';
import type { Recorded } from '../../src/domain/events.ts';
import { invocationIdOf } from '../../src/domain/ids.ts';
import { defaultRetryPolicy } from '../../src/domain/retry-policy.ts';
import type { ReactorViews } from '../../src/routing/reactors/reactor.ts';
import { routeArrivals } from '../../src/routing/reactors/route-arrivals.ts';
import { arrived } from '../domain/examples.ts';

const triggerOf = (triggerId: string, status: TriggerStatus = 'active') =>
  ({
    ...{ entity: 'trigger', triggerId, status, workspace: 'acme', version: 3 },
    ...{ functionId: 'function-1', executionType: 'event' },
    triggerMetadata: { timeoutMs: 50, orderingKey: { pointer: '/user' } },
  }) as unknown as TriggerEntry;
const target = { functionId: 'function-1', workspace: 'acme', retry: { maxAttempts: 2 } };

const reactionsTo = (
  triggers: readonly TriggerEntry[],
  { acceptedFor, decidedAt }: Partial<Recorded<'EventArrived'>['data']> = {},
) => {
  const asked: unknown[] = [];
  const registry = {
    byKey: (...parts: unknown[]) => {
      asked.push(parts);
      return triggers;
    },
    triggerById: (id: string) => triggers.find(({ triggerId }) => triggerId === id),
    functionById: () => target as FunctionEntry,
    lastLateAt:
      triggers
        .map(({ startFrom }) => startFrom?.upTo ?? '')
        .sort()
        .at(-1) ?? '',
  } as unknown as ReactorViews['registry'];
  const data = {
    ...arrived.data,
    source: { kind: 'event', key: 'k' },
    body: { encoding: 'utf8', content: '{"user":"ann"}' },
    ...(acceptedFor && { acceptedFor }),
    ...(decidedAt !== undefined && { decidedAt }),
  };
  const event = { type: 'EventArrived', data, metadata: { workspace: 'acme' } };
  const bodyOf: ReactorViews['bodyOf'] = ({ data: { body } }) =>
    'encoding' in body ? body : undefined;
  const views = { registry, bodyOf } as ReactorViews;
  const reactions = routeArrivals.on.EventArrived?.(event as Recorded<'EventArrived'>, views);
  return { asked, reactions };
};

const queuedFor = (triggerId: string) => {
  const invocationId = invocationIdOf('arrival-1', triggerId);
  return {
    type: 'queue',
    invocationId,
    command: {
      ...{ type: 'QueueInvocation', invocationId, triggerId, functionId: 'function-1' },
      ...{ arrivalId: 'arrival-1', triggerVersion: 3, orderingKey: 'ann', timeoutMs: 50 },
      policy: { ...defaultRetryPolicy, maxAttempts: 2 },
      ...{ retryOf: null, start: null },
    },
  };
};

const withheld = (triggers: readonly object[], total = triggers.length) => ({
  type: 'withhold',
  arrivalId: 'arrival-1',
  command: { type: 'WithholdEvent', triggers, total },
});

describe('an arrival', () => {
  it('becomes one invocation of each trigger it fires, on the terms of that moment', () => {
    const { asked, reactions } = reactionsTo([triggerOf('t1'), triggerOf('t2')]);
    expect(asked).toEqual([['acme', 'event', 'k']]);
    expect(reactions).toEqual([queuedFor('t1'), queuedFor('t2')]);
  });

  it('that concerns nobody becomes nothing', () => {
    expect(reactionsTo([]).reactions).toEqual([]);
  });

  it('is withheld, by name and reason, from those that do not run', () => {
    const triggers = [triggerOf('t1', 'paused'), triggerOf('t2'), triggerOf('t3', 'suspended')];
    expect(reactionsTo(triggers).reactions).toEqual([
      queuedFor('t2'),
      withheld([
        { triggerId: 't1', reason: 'paused' },
        { triggerId: 't3', reason: 'suspended' },
      ]),
    ]);
  });

  it('that was taken for a trigger goes to it though it has been paused, or tells that it is gone', () => {
    const acceptedFor = { triggerId: 't1', version: 3 };
    const triggers = [triggerOf('t1', 'paused'), triggerOf('t2')];
    expect(reactionsTo(triggers, { acceptedFor }).reactions).toEqual([queuedFor('t1')]);
    expect(reactionsTo([triggerOf('t2')], { acceptedFor }).reactions).toEqual([
      withheld([{ triggerId: 't1', reason: 'deleted' }]),
    ]);
  });

  it('names at most 256 of those it was withheld from, and counts all', () => {
    const triggers = Array.from({ length: 300 }, (_, n) => triggerOf(`t${n}`, 'paused'));
    const named = triggers.slice(0, 256).map(({ triggerId }) => ({ triggerId, reason: 'paused' }));
    expect(reactionsTo(triggers).reactions).toEqual([withheld(named, 300)]);
  });
});

it('gives what was decided before to those alone that start from the past and came in between', () => {
  const lateAt = (triggerId: string, upTo: string, status?: TriggerStatus) => ({
    ...triggerOf(triggerId, status),
    startFrom: { after: '', upTo, replayId: 'r' },
  });
  const some = [triggerOf('old'), lateAt('before', '0004'), lateAt('between', '0006')];
  expect(reactionsTo(some, { decidedAt: '0005' }).reactions).toEqual([queuedFor('between')]);
  expect(reactionsTo(some, { decidedAt: '0006' }).reactions).toEqual([]);
  const stopped = [lateAt('stopped', '0006', 'paused'), triggerOf('other', 'paused')];
  expect(reactionsTo(stopped, { decidedAt: '0005' }).reactions).toEqual([]);
});
