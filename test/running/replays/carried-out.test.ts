import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invocationIdOf, replayedIdOf } from '../../../src/domain/ids.ts';
import { failedWith, succeeded } from '../world.ts';
import { createReplayWorld, type ReplayWorld } from './replay-world.ts';

let world: ReplayWorld;
beforeEach(async () => {
  world = await createReplayWorld({ limits: { replayPage: 16 } });
});
afterEach(() => world.close());

const once = { retry: { maxAttempts: 1 } };

/** So many arrivals whose invocations have died. */
const dead = async (trigger: string, count: number): Promise<readonly string[]> => {
  world.always(failedWith(400));
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push(await world.arrive(trigger, n));
  await world.rest();
  world.always(succeeded);
  return ids;
};

/** A replay of so many, which are called and not answered. */
const underWay = async (count: number, concurrency: number) => {
  const trigger = await world.trigger(await world.function(once));
  const arrivals = await dead(trigger, count);
  world.always(undefined);
  const before = world.calls.length;
  await world.order({ concurrency });
  await world.rest();
  return { arrivals, before };
};

const calledSince = (count: number) =>
  world.calls.slice(count).map(({ headers }) => headers['webhook-id']);

describe('a replay', () => {
  it('delivers what died in the order it arrived, and tells what it did', async () => {
    const trigger = await world.trigger(await world.function(once));
    const arrivals = await dead(trigger, 3);
    const before = world.calls.length;
    await world.order();
    await world.rest();

    const expected = arrivals.map((id) => replayedIdOf('replay-1', id, trigger));
    expect(calledSince(before)).toEqual(expected);
    expect(await world.facts('ReplayCounted')).toEqual([
      { replayId: 'replay-1', arrivals: 3, planned: 3, skipped: {} },
    ]);
    expect(await world.facts('ReplayAdvanced')).toMatchObject([{ skipped: {}, listed: [] }]);
    expect(await world.facts('ReplayCompleted')).toEqual([{ replayId: 'replay-1' }]);
    expect(world.engine.stats()).toMatchObject({ replays: 0, open: 0 });
  });

  it('is the cause of what it delivers, which keeps the correlation of its event', async () => {
    const trigger = await world.trigger(await world.function(once));
    const [arrivalId = ''] = await dead(trigger, 1);
    await world.order();
    await world.rest();
    const log = await world.log();
    const requested = log.find(({ type }) => type === 'ReplayRequested');
    const arrived = log.find(({ type }) => type === 'EventArrived');
    const queued = log.findLast(({ type }) => type === 'InvocationQueued');
    expect(queued).toMatchObject({
      data: {
        ...{ arrivalId, retryOf: null },
        replay: { id: 'replay-1', repeats: invocationIdOf(arrivalId, trigger) },
      },
      metadata: {
        $causationId: requested?.id,
        $correlationId: arrived?.metadata.$correlationId,
        workspace: 'acme',
      },
    });
    const completed = log.find(({ type }) => type === 'ReplayCompleted');
    expect(completed?.metadata).toMatchObject({
      actor: 'system:replays',
      $causationId: requested?.id,
      $correlationId: 'of replay-1',
    });
  });

  it('has no more under way than it may, and goes on with each that ends', async () => {
    const trigger = await world.trigger(await world.function(once));
    await dead(trigger, 5);
    world.always(undefined);
    const before = world.calls.length;
    await world.order({ concurrency: 2 });
    for (const under of [2, 3, 4, 5]) {
      await world.rest();
      expect(world.calls.length - before).toBe(under);
      world.calls[before + under - 2]?.answer(succeeded);
    }
    await world.rest();
    expect(await world.facts('ReplayCompleted')).toEqual([]);
    world.calls.at(-1)?.answer(succeeded);
    await world.rest();
    expect(await world.facts('ReplayCompleted')).toHaveLength(1);
  });

  it('keeps to its rate, and makes up for no more than a moment', async () => {
    const trigger = await world.trigger(await world.function(once));
    await dead(trigger, 4);
    const before = world.calls.length;
    await world.order({ perSecond: 2 });
    for (const called of [1, 1, 2, 2, 3]) {
      await world.rest();
      expect(world.calls.length - before).toBe(called);
      world.clock.advance(250);
    }
    world.clock.advance(60_000);
    await world.rest();
    expect(world.calls.length - before).toBe(4);
  });

  it('is paused, delivers nothing, and goes on with the next one', async () => {
    const { before } = await underWay(3, 1);
    await world.onReplay('replay-1', { type: 'PauseReplay' });
    await world.rest();
    world.calls[before]?.answer(succeeded);
    await world.rest();
    expect(world.calls.length - before).toBe(1);
    expect(world.engine.stats()).toMatchObject({ replays: 1 });

    world.always(succeeded);
    await world.onReplay('replay-1', { type: 'ResumeReplay' });
    await world.rest();
    expect(world.calls.length - before).toBe(3);
    expect(new Set(calledSince(before)).size).toBe(3);
    expect(await world.facts('ReplayCompleted')).toHaveLength(1);
  });

  it('is cancelled, and nothing comes after', async () => {
    const { before } = await underWay(3, 1);
    await world.onReplay('replay-1', { type: 'CancelReplay', reason: 'by ann' });
    world.calls[before]?.answer(succeeded);
    await world.rest();
    expect(world.calls.length - before).toBe(1);
    expect(world.engine.stats()).toMatchObject({ replays: 0, open: 0 });
    expect(await world.facts('ReplayAdvanced')).toEqual([]);
  });

  it('goes on after a crash where it was, and delivers nothing twice', async () => {
    const { arrivals, before } = await underWay(3, 2);
    expect(world.calls.length - before).toBe(2);
    world.always(succeeded);
    await world.restart();
    await world.rest();
    const queued = (await world.facts('InvocationQueued')).filter(({ replay }) => replay);
    expect(queued.map(({ arrivalId }) => arrivalId).sort()).toEqual([...arrivals].sort());
    expect(await world.facts('ReplayCompleted')).toHaveLength(1);
  });

  it('of more than a page counts all, and tells how far it is page by page', async () => {
    const trigger = await world.trigger(await world.function(once));
    await dead(trigger, 40);
    const before = world.calls.length;
    await world.order({ concurrency: 1 });
    await world.rest();
    expect(world.calls.length - before).toBe(40);
    expect(await world.facts('ReplayCounted')).toMatchObject([{ arrivals: 40, planned: 40 }]);
    const steps = await world.facts('ReplayAdvanced');
    expect(steps).toHaveLength(3);
    expect(steps.map(({ upTo }) => upTo)).toEqual(steps.map(({ upTo }) => upTo).sort());
  });
});

describe('what a replay passes over', () => {
  it('is counted, and listed with the reason where it may still be wanted', async () => {
    const [kept, gone] = [await world.trigger(await world.function(once)), 'gone'];
    await world.trigger(await world.function(once), {}, gone);
    const [lost = ''] = await dead(gone, 1);
    await world.onTrigger(gone, { type: 'RetireTrigger' });
    const done = await world.arrive(kept);
    await world.rest();
    await world.order();
    await world.rest();
    expect(await world.facts('ReplayCounted')).toMatchObject([
      { arrivals: 2, planned: 0, skipped: { succeeded: 1, 'trigger-deleted': 1 } },
    ]);
    expect(await world.facts('ReplayAdvanced')).toMatchObject([
      {
        skipped: { succeeded: 1, 'trigger-deleted': 1 },
        listed: [{ arrivalId: lost, triggerId: gone, reason: 'trigger-deleted' }],
      },
    ]);
    expect(done).not.toBe(lost);
  });

  it('is under way elsewhere', async () => {
    const trigger = await world.trigger(await world.function(once));
    world.always(undefined);
    const arrivalId = await world.arrive(trigger);
    await world.rest();
    await world.order();
    await world.rest();
    expect(await world.facts('ReplayAdvanced')).toMatchObject([
      { listed: [{ arrivalId, triggerId: trigger, reason: 'under-way' }] },
    ]);
    world.calls[0]?.answer(succeeded);
    await world.rest();
    expect(await world.facts('ReplayCompleted')).toHaveLength(1);
  });

  it('is delivered all the same where it is forced', async () => {
    const trigger = await world.trigger(await world.function(once));
    world.always(succeeded);
    const arrivalId = await world.arrive(trigger);
    await world.rest();
    await world.order({ mode: 'force' });
    await world.rest();
    expect(calledSince(0)).toEqual([
      invocationIdOf(arrivalId, trigger),
      replayedIdOf('replay-1', arrivalId, trigger),
    ]);
  });
});

describe('what a replay is about', () => {
  it('is events by their ids, in the order they arrived', async () => {
    const trigger = await world.trigger(await world.function(once));
    const [first = '', , third = ''] = await dead(trigger, 3);
    const before = world.calls.length;
    await world.order({ among: { arrivals: { ids: [third, first, 'unknown'] } } });
    await world.rest();
    const expected = [first, third].map((id) => replayedIdOf('replay-1', id, trigger));
    expect(calledSince(before)).toEqual(expected);
    expect(await world.facts('ReplayCompleted')).toHaveLength(1);
  });

  it('is events of a source, between two places', async () => {
    const [one, other] = [
      await world.trigger(await world.function(once)),
      await world.trigger(await world.function(once)),
    ];
    await dead(one, 1);
    const after = (await world.log()).at(-1)?.position ?? '';
    const [wanted = ''] = await dead(one, 1);
    await dead(other, 1);
    const upTo = (await world.log()).at(-1)?.position ?? '';
    await dead(one, 1);
    const before = world.calls.length;
    const source = { kind: 'webhook', key: one };
    await world.order({ after, upTo, among: { arrivals: { source } } });
    await world.rest();
    expect(calledSince(before)).toEqual([replayedIdOf('replay-1', wanted, one)]);
  });

  it('is what died, told whose place the new one takes', async () => {
    const trigger = await world.trigger(await world.function(once));
    const [arrivalId = ''] = await dead(trigger, 1);
    const died = invocationIdOf(arrivalId, trigger);
    await world.order({ among: { deadLetters: { triggerId: trigger } } });
    await world.rest();
    const [queued] = (await world.facts('InvocationQueued')).filter(({ replay }) => replay);
    expect(queued).toMatchObject({ arrivalId, replay: { id: 'replay-1', repeats: died } });
    expect(await world.facts('ReplayCompleted')).toHaveLength(1);
  });

  it('is the definition of then: another function does not get what was meant for the one before', async () => {
    const first = await world.function(once);
    const trigger = await world.trigger(first, { orderingKey: { pointer: '/n' } });
    world.always(failedWith(400));
    const arrivalId = await world.arrive(trigger, { n: 'seven' });
    await world.rest();
    world.always(succeeded);
    await world.order({ versions: 'as-then' });
    await world.rest();
    await world.order({ versions: 'as-now', mode: 'force' }, 'replay-2');
    await world.rest();
    const replayed = (await world.facts('InvocationQueued')).filter(({ replay }) => replay);
    expect(replayed).toMatchObject([
      { arrivalId, functionId: first, triggerVersion: 1, orderingKey: 'seven' },
      { arrivalId, functionId: first, triggerVersion: 1, orderingKey: 'seven' },
    ]);
    expect(replayed.map(({ pinnedTo }) => pinnedTo)).toEqual([1, undefined]);
  });
});

describe('what a stopped trigger took no part in', () => {
  const withheld = async (): Promise<readonly [string, string]> => {
    world.always(succeeded);
    const target = await world.function(once);
    const trigger = await world.trigger(target, { topic: 'a' }, 'stopped', 'message');
    await world.onTrigger(trigger, { type: 'PauseTrigger', reason: 'by ann' });
    await world.publish('a');
    await world.rest();
    const [arrived] = await world.facts('EventArrived');
    return [trigger, arrived?.arrivalId ?? ''];
  };

  it.each(['as-then', 'as-now'] as const)('is delivered once it goes on, %s', async (versions) => {
    const [trigger, arrivalId] = await withheld();
    await world.onTrigger(trigger, { type: 'ResumeTrigger' });
    await world.order({ versions, among: { arrivals: { outcomes: ['withheld'] } } });
    await world.rest();
    expect(calledSince(0)).toEqual([replayedIdOf('replay-1', arrivalId, trigger)]);
    expect(await world.facts('ReplayCompleted')).toHaveLength(1);
  });

  it('is passed over while it is stopped', async () => {
    const [triggerId, arrivalId] = await withheld();
    await world.order();
    await world.rest();
    expect(calledSince(0)).toEqual([]);
    expect(await world.facts('ReplayAdvanced')).toMatchObject([
      { listed: [{ arrivalId, triggerId, reason: 'trigger-paused' }] },
    ]);
  });
});

describe('two replays of one range', () => {
  it('deliver each part once, and the other one says so', async () => {
    const trigger = await world.trigger(await world.function(once));
    const arrivals = await dead(trigger, 3);
    world.always(undefined);
    const before = world.calls.length;
    await world.order({ concurrency: 1 }, 'replay-1');
    await world.rest();
    await world.order({ concurrency: 1 }, 'replay-2');
    await world.rest();
    world.always(succeeded);
    for (const { answer } of world.calls.slice(before)) answer(succeeded);
    await world.rest();
    const queued = (await world.facts('InvocationQueued')).filter(({ replay }) => replay);
    expect(queued.map(({ arrivalId }) => arrivalId).sort()).toEqual([...arrivals].sort());
    expect(await world.facts('ReplayCompleted')).toHaveLength(2);
  });
});

describe('a late trigger', () => {
  const publish = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) await world.publish(`orders.${n}`);
  };

  it('is given what had arrived, asked for once, then what comes, in that order', async () => {
    const target = await world.function();
    await publish(3);
    await world.rest();
    world.always(undefined);
    const late = await world.late(target);
    await publish(2);
    await world.rest();
    const requests = await world.facts('ReplayRequested');
    expect(requests).toMatchObject([
      { replayId: 'past of late', order: { mode: 'catch-up', only: { triggers: [late] } } },
    ]);
    expect(world.calls).toHaveLength(3);
    world.always(succeeded);
    for (const { answer } of world.calls) answer(succeeded);
    await world.rest();
    const order = (await world.facts('InvocationStarted')).map(({ invocationId }) => invocationId);
    const arrived = (await world.facts('EventArrived')).map(({ arrivalId }) => arrivalId);
    expect(order).toEqual([
      ...arrived.slice(0, 3).map((id) => replayedIdOf('past of late', id, late)),
      ...arrived.slice(3).map((id) => invocationIdOf(id, late)),
    ]);
    expect(await world.facts('ReplayCompleted')).toEqual([{ replayId: 'past of late' }]);
  });

  it('begins behind the place that was named', async () => {
    const target = await world.function();
    await publish(2);
    const after = (await world.log()).at(-1)?.position ?? '';
    await publish(1);
    world.always(succeeded);
    const late = await world.late(target, after);
    await world.rest();
    const [, , third] = await world.facts('EventArrived');
    expect(calledSince(0)).toEqual([replayedIdOf('past of late', third?.arrivalId ?? '', late)]);
  });

  it('is given its past once, wherever it was when the process ended', async () => {
    const target = await world.function();
    await publish(3);
    await world.rest();
    const late = await world.late(target);
    await world.restart();
    world.always(succeeded);
    await world.rest();
    await world.restart();
    await world.rest();
    const queued = (await world.facts('InvocationQueued')).filter(
      ({ triggerId }) => triggerId === late,
    );
    expect(queued).toHaveLength(3);
    expect(await world.facts('ReplayRequested')).toHaveLength(1);
    expect(await world.facts('ReplayCompleted')).toHaveLength(1);
  });

  it('that is deleted is given nothing more', async () => {
    const target = await world.function({ concurrency: 1 });
    await publish(3);
    await world.rest();
    world.always(undefined);
    const late = await world.late(target);
    await world.rest();
    await world.onTrigger(late, { type: 'RetireTrigger' });
    await world.rest();
    expect(await world.facts('ReplayCancelled')).toMatchObject([
      { replayId: 'past of late', reason: 'trigger deleted' },
    ]);
    for (const { answer } of world.calls) answer(succeeded);
    await world.rest();
    expect(world.calls).toHaveLength(1);
    expect(world.engine.stats()).toMatchObject({ replays: 0, open: 0 });
  });

  it('waits for its past while it is stopped, and is given it then', async () => {
    const target = await world.function();
    await publish(2);
    await world.rest();
    world.always(succeeded);
    const late = await world.late(target);
    await world.onTrigger(late, { type: 'PauseTrigger', reason: 'by ann' });
    await world.rest();
    const called = world.calls.length;
    await world.onTrigger(late, { type: 'ResumeTrigger' });
    await world.rest();
    expect(called).toBeLessThanOrEqual(2);
    expect(world.calls).toHaveLength(2);
    expect(await world.facts('ReplayCompleted')).toHaveLength(1);
  });
});
