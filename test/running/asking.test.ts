import { beforeEach, describe, expect, it } from 'vitest';
import { TriplineError } from '../../src/domain/errors.ts';
import type { Envelope, Recorded } from '../../src/domain/events.ts';
import { askStream } from '../../src/domain/ids.ts';
import { invocation } from '../../src/domain/invocation/decider.ts';
import { asPosition } from '../../src/domain/position.ts';
import { createAsking } from '../../src/running/asking.ts';
import type { Lane } from '../../src/running/lane.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { createTestClock } from './test-clock.ts';

const envelope: Envelope = {
  ...{ workspace: 'acme', actor: 'user:ann', occurredAt: '2025-12-31T23:59:59.000Z' },
  ...{ $correlationId: 'asked', causationId: 'cause' },
};
const wishId = '7f3f3b62-5a0e-4a0e-9d53-0d5c1c7a6f10';
const cancel = { type: 'CancelInvocation', reason: 'by ann' } as const;

const told = (type: string, invocationId: string, position = '0042') =>
  ({ type, data: { invocationId }, position: asPosition(position) }) as unknown as Recorded;

/** One process of several; what its lane is asked is written down. */
const createScene = (isOwner: boolean) => {
  const open = new Set(['i']);
  const asked: unknown[] = [];
  const standing = { state: invocation.initialState, position: asPosition('0007'), facts: [] };
  const lane = {
    ask: async (...args: unknown[]) => {
      asked.push(args);
      return standing;
    },
    settled: async (invocationId: string) => {
      asked.push(invocationId);
      return standing;
    },
  } as unknown as Lane;
  const store = readsFacts(createMemoryStore());
  const clock = createTestClock();
  const newId = () => wishId;
  const asking = createAsking({
    ...{ store, lane, clock, newId },
    isOwner: () => isOwner,
    isOpen: (id) => open.has(id),
  });
  const log = async () => (await store.readAll({ maxCount: 10 })) as readonly Recorded[];
  return { asking, open, asked, clock, log, standing };
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('whoever owns the lane', () => {
  it('goes through it, whatever is asked', async () => {
    const { asking, asked, standing, log } = createScene(true);
    expect(await asking.ask('i', cancel, envelope)).toBe(standing);
    expect(await asking.settled('i')).toBe(standing);
    expect(await asking.recorded()).toBe(standing.position);
    expect(asked).toEqual([['i', cancel, envelope], 'i', '']);
    expect(await log()).toEqual([]);
  });
});

describe('whoever does not', () => {
  let scene = createScene(false);
  beforeEach(() => {
    scene = createScene(false);
  });

  it('records the wish, and answers with the fact that settles it', async () => {
    const { asking, open, clock, log } = scene;
    clock.advance(1_000);
    const answer = asking.ask('i', cancel, envelope);
    await settled();
    const [wish, ...others] = await log();
    expect(others).toEqual([]);
    expect(wish).toMatchObject({
      type: 'CancelAsked',
      data: { invocationId: 'i', reason: 'by ann' },
      metadata: {
        ...{ workspace: 'acme', actor: 'user:ann', $correlationId: 'asked' },
        occurredAt: '2026-01-01T00:00:01.000Z',
      },
    });
    expect(wish?.stream).toBe(askStream(wishId));

    let isAnswered = false;
    void answer.then(() => {
      isAnswered = true;
    });
    asking.heard(told('InvocationStarted', 'i'));
    await settled();
    expect(isAnswered).toBe(false);
    open.delete('i');
    asking.heard(told('InvocationCancelled', 'another'));
    await settled();
    expect(isAnswered).toBe(false);
    asking.heard(told('LaneTaken', ''));
    asking.heard({ type: 'LaneTaken', data: {} } as unknown as Recorded);
    asking.heard(told('InvocationCancelled', 'i', '0043'));
    expect(await answer).toEqual({ state: invocation.initialState, position: '0043' });
  });

  it('says after five seconds that the owner has not answered, and the wish stands', async () => {
    const { asking, clock, log } = scene;
    const answer = asking.ask('i', cancel, envelope);
    const refused = expect(answer).rejects.toThrow(
      new TriplineError(
        'store-unavailable',
        'the instance that runs the invocation has not answered yet; it is to cancel it',
      ),
    );
    await settled();
    let isOver = false;
    void answer.catch(() => {
      isOver = true;
    });
    clock.advance(4_999);
    await settled();
    expect(isOver).toBe(false);
    clock.advance(1);
    await refused;
    expect(await log()).toHaveLength(1);
  });

  it('asks for nothing where the invocation is not open', async () => {
    const { asking, log } = scene;
    await expect(asking.ask('unknown', cancel, envelope)).rejects.toMatchObject({
      ...{ code: 'not-found', message: 'no such open invocation' },
    });
    expect(await log()).toEqual([]);
  });

  it('takes nothing upon itself that is for the owner', async () => {
    const { asking, asked } = scene;
    await expect(asking.ask('i', { type: 'RetryInvocation' }, envelope)).rejects.toThrow(
      'RetryInvocation is for the lane',
    );
    expect(asked).toEqual([]);
  });

  it('knows of nothing up to where the log has it', async () => {
    expect(await scene.asking.recorded()).toBeUndefined();
    expect(scene.asked).toEqual([]);
  });

  it('tells of an open one at once, and of one that is to come when it is queued', async () => {
    const { asking } = scene;
    expect(await asking.settled('i')).toMatchObject({ position: undefined });
    const [first, second] = [asking.settled('new'), asking.settled('new')];
    asking.heard(told('InvocationStarted', 'new', '0001'));
    asking.heard(told('InvocationQueued', 'new', '0002'));
    expect(await first).toMatchObject({ position: '0002' });
    expect(await second).toMatchObject({ position: '0002' });
  });

  it('waits no longer than for the owner where nothing is queued', async () => {
    const { asking, clock } = scene;
    const answer = asking.settled('never');
    clock.advance(5_000);
    expect(await answer).toEqual({ state: invocation.initialState, position: undefined });
  });
});
