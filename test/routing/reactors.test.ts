import { describe, expect, it } from 'vitest';
import type { TriggerEntry } from '../../projections/registry.ts';
import type { Recorded } from '../../src/domain/events.ts';
import { cancelAsked } from '../../src/routing/reactors/cancel-asked.ts';
import { cancelOrphans } from '../../src/routing/reactors/cancel-orphans.ts';
import { cancelPrevious } from '../../src/routing/reactors/cancel-previous.ts';
import { cancelReplayed } from '../../src/routing/reactors/cancel-replayed.ts';
import { expirePayloads } from '../../src/routing/reactors/expire-payloads.ts';
import { forgetPayloads } from '../../src/routing/reactors/forget-payloads.ts';
import { reactors } from '../../src/routing/reactors/index.ts';
import type { ReactorViews } from '../../src/routing/reactors/reactor.ts';
import { repeatInvocations } from '../../src/routing/reactors/repeat-invocations.ts';
import { suspendGone } from '../../src/routing/reactors/suspend-gone.ts';

const triggerOf = (triggerId: string, status: TriggerEntry['status']) =>
  ({ entity: 'trigger', triggerId, status }) as TriggerEntry;

const viewsOf = (
  triggers: readonly TriggerEntry[],
  queue: readonly {
    invocationId: string;
    triggerId: string;
    status: string;
    replayId?: string;
  }[] = [],
  openReplays: readonly string[] = [],
): ReactorViews => ({
  registry: {
    triggerById: (id: string) => triggers.find(({ triggerId }) => triggerId === id),
  } as ReactorViews['registry'],
  queue: new Map(queue.map((entry) => [entry.invocationId, entry])) as never,
  openOf: (id: string) =>
    queue.filter(({ triggerId }) => triggerId === id).map(({ invocationId }) => invocationId),
  openReplays: new Map(openReplays.map((id) => [id, {}])) as never,
  bodyOf: () => undefined,
});

const event = <T extends Recorded['type']>(type: T, data: object) =>
  ({ type, data, metadata: { workspace: 'acme' } }) as unknown as Extract<Recorded, { type: T }>;

const dead = (reason: string) =>
  event('InvocationDeadLettered', { invocationId: 'i', triggerId: 't', reason });

describe('cancelling a replay', () => {
  const cancel = (invocationId: string) => ({
    ...{ type: 'cancel', invocationId, reason: 'replay cancelled', unlessRunning: true },
  });

  it('cancels what it has queued, and leaves alone what runs and what others have', () => {
    const of = (invocationId: string, status: string, replayId = 'r') => ({
      ...{ invocationId, triggerId: 't', status, replayId },
    });
    const queue = [
      of('a', 'queued'),
      of('b', 'running'),
      of('c', 'waiting'),
      of('d', 'queued', 's'),
    ];
    const react = cancelReplayed.on.ReplayCancelled!;
    const fact = event('ReplayCancelled', { replayId: 'r', reason: 'by ann' });
    expect(react(fact, viewsOf([], queue))).toEqual([cancel('a'), cancel('c')]);
  });

  it('cancels what comes into the log after its end', () => {
    const react = cancelReplayed.on.InvocationQueued!;
    const queued = (replay?: object) => event('InvocationQueued', { invocationId: 'i', replay });
    expect(react(queued(), viewsOf([]))).toEqual([]);
    expect(react(queued({ id: 'r' }), viewsOf([], [], ['r']))).toEqual([]);
    expect(react(queued({ id: 'r' }), viewsOf([], [], ['s']))).toEqual([cancel('i')]);
  });
});

describe('suspending what is gone', () => {
  const react = suspendGone.on.InvocationDeadLettered!;

  it.each([
    ['gone', 'active', 1],
    ['gone', 'paused', 0],
    ['gone', 'suspended', 0],
    ['attempts-exhausted', 'active', 0],
    ['not-retryable', 'active', 0],
  ] as const)('after %s, while %s: %i reactions', (reason, status, expected) => {
    const reason410 = 'the target answered 410 Gone';
    const suspend = { type: 'suspend', triggerId: 't', invocationId: 'i', reason: reason410 };
    expect(react(dead(reason), viewsOf([triggerOf('t', status)]))).toEqual(
      Array(expected).fill(suspend),
    );
  });

  it('does nothing for a trigger that is deleted', () => {
    expect(react(dead('gone'), viewsOf([]))).toEqual([]);
  });
});

describe('cancelling orphans', () => {
  it('ends what a deleted trigger has not running', () => {
    const react = cancelOrphans.on.TriggerRetired!;
    const views = viewsOf(
      [],
      [
        { invocationId: 'queued', triggerId: 't', status: 'queued' },
        { invocationId: 'running', triggerId: 't', status: 'running' },
        { invocationId: 'waiting', triggerId: 't', status: 'waiting' },
        { invocationId: 'foreign', triggerId: 'other', status: 'queued' },
      ],
    );
    expect(react(event('TriggerRetired', { triggerId: 't' }), views)).toEqual([
      { type: 'cancel', invocationId: 'queued', reason: 'trigger deleted', unlessRunning: true },
      { type: 'cancel', invocationId: 'waiting', reason: 'trigger deleted', unlessRunning: true },
    ]);
  });

  it.each(['InvocationQueued', 'InvocationFailed', 'AttemptLost'] as const)(
    'ends an invocation on %s when its trigger is no more',
    (type) => {
      const react = cancelOrphans.on[type] as (
        event: Recorded,
        views: ReactorViews,
      ) => readonly unknown[];
      const given = event(type, { invocationId: 'i', triggerId: 't' });
      expect(react(given, viewsOf([]))).toEqual([
        { type: 'cancel', invocationId: 'i', reason: 'trigger deleted', unlessRunning: true },
      ]);
      expect(react(given, viewsOf([triggerOf('t', 'paused')]))).toEqual([]);
    },
  );
});

describe('cancelling what the next tick overtakes', () => {
  const react = cancelPrevious.on.InvocationQueued!;
  const open = ['first', 'second', 'third'].map((invocationId) => ({
    invocationId,
    triggerId: 't',
    status: 'running',
  }));
  const scheduled = (overlap: string, concurrency: number, executionType = 'scheduled') =>
    ({ triggerId: 't', executionType, triggerMetadata: { overlap, concurrency } }) as never;
  const cancelledBy = (trigger: never) =>
    react(
      event('InvocationQueued', { invocationId: 'third', triggerId: 't' }),
      viewsOf([trigger], open),
    ).map((reaction) => 'invocationId' in reaction && reaction.invocationId);

  it('leaves as many as may run, the newest', () => {
    expect(cancelledBy(scheduled('cancel-previous', 1))).toEqual(['first', 'second']);
    expect(cancelledBy(scheduled('cancel-previous', 2))).toEqual(['first']);
    expect(cancelledBy(scheduled('cancel-previous', 5))).toEqual([]);
  });

  it('says why', () => {
    const queued = event('InvocationQueued', { invocationId: 'third', triggerId: 't' });
    const [first] = react(queued, viewsOf([scheduled('cancel-previous', 2)], open));
    expect(first).toEqual({
      type: 'cancel',
      invocationId: 'first',
      reason: 'overtaken by the next tick',
    });
    expect(react(queued, viewsOf([], open))).toEqual([]);
  });

  it('concerns no other trigger', () => {
    expect(cancelledBy(scheduled('queue', 1))).toEqual([]);
    expect(cancelledBy(scheduled('cancel-previous', 1, 'webhook'))).toEqual([]);
  });
});

describe('repeating invocations', () => {
  it('asks for the new one under the id on record', () => {
    const react = repeatInvocations.on.InvocationRetried!;
    const data = { invocationId: 'old', triggerId: 't', retriedAs: 'new' };
    expect(react(event('InvocationRetried', data), viewsOf([]))).toEqual([
      {
        ...{ type: 'repeat', invocationId: 'new', triggerId: 't', repeats: 'old' },
        original: undefined,
      },
    ]);
  });
});

it('every reactor has a name of its own', () => {
  const names = reactors.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

describe('cancelling what another instance was asked to cancel', () => {
  const asked = event('CancelAsked', { invocationId: 'i', reason: 'by hand' });
  const react = cancelAsked.on.CancelAsked!;

  it('ends it where it is open', () => {
    const views = viewsOf([], [{ invocationId: 'i', triggerId: 't', status: 'running' }]);
    expect(react(asked, views)).toEqual([{ type: 'cancel', invocationId: 'i', reason: 'by hand' }]);
  });

  it('does nothing where it has ended', () => {
    expect(react(asked, viewsOf([]))).toEqual([]);
  });
});

describe('letting go of what is on record as gone', () => {
  it('forgets the places that a fact names', () => {
    const forgotten = event('PayloadForgotten', { places: ['0000000000000007'] });
    expect(forgetPayloads.on.PayloadForgotten!(forgotten, viewsOf([]))).toEqual([
      { type: 'forget', places: ['0000000000000007'] },
    ]);
  });

  it('lets expire what a fact says has', () => {
    const data = { after: '', upTo: '0000000000000007', kept: [], also: [] };
    const expired = event('PayloadsExpired', data);
    expect(expirePayloads.on.PayloadsExpired!(expired, viewsOf([]))).toEqual([
      { type: 'expire', expired: data },
    ]);
  });
});
