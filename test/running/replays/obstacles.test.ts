import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ArrivalDocument } from '../../../projections/arrivals.ts';
import type { InvocationDocument } from '../../../projections/invocations.ts';
import type { FunctionEntry, TriggerEntry } from '../../../projections/registry.ts';
import { systemChance } from '../../../src/domain/chance.ts';
import { systemClock } from '../../../src/domain/clock.ts';
import { triggerStream } from '../../../src/domain/ids.ts';
import { createObstacles } from '../../../src/running/replays/obstacles.ts';
import type { Definition, Delivery } from '../../../src/running/replays/verdict.ts';
import { createKeyRing } from '../../../src/sealing/key-ring.ts';
import { createMemoryStore } from '../../../src/store/memory-store.ts';
import { signingSecret } from '../world.ts';

const workspace = 'acme';
const ringOf = (fill: number) =>
  createKeyRing([{ version: 1, key: Buffer.alloc(32, fill) }], systemChance);
const [ours, theirs] = [ringOf(7), ringOf(8)];

const targetBy = (ring = ours) =>
  ({
    ...{
      entity: 'function',
      workspace,
      functionId: 'f',
      previousSecret: null,
      previousUntil: null,
    },
    signingSecret: ring.seal(signingSecret, [workspace, 'f', 'signingSecret']),
  }) as unknown as FunctionEntry;

const triggerBy = (ring = ours, version = 1) =>
  ({
    ...{ entity: 'trigger', workspace, triggerId: 't', functionId: 'f', version },
    triggerMetadata: { params: { token: ring.seal('secret', [workspace, 't', 'params.token']) } },
  }) as unknown as TriggerEntry;

const arrival = {
  arrivalId: 'a',
  workspace,
  position: '0005',
  isForgotten: false,
} as ArrivalDocument;

interface Scene {
  readonly target?: FunctionEntry | undefined;
  readonly trigger?: TriggerEntry | undefined;
  readonly store?: ReturnType<typeof createMemoryStore>;
}

const obstacle = async (definition: Definition, scene: Scene = {}, of = arrival) => {
  const known = { target: targetBy(), trigger: triggerBy(), ...scene };
  const obstacleTo = createObstacles({
    store: scene.store ?? createMemoryStore(),
    registry: { functionById: () => known.target, triggerById: () => known.trigger },
    sealing: ours,
    clock: systemClock,
  } as never);
  return await obstacleTo(of, { triggerId: 't', definition, repeats: null } as Delivery);
};

const now = (trigger = triggerBy()): Definition => ({ trigger, pinned: false });
const then = (triggerVersion = 1): Definition => ({
  like: { triggerId: 't', functionId: 'f', triggerVersion } as InvocationDocument,
});

describe('nothing stands in the way', () => {
  it('of a call whose secrets can be opened, as now and as then', async () => {
    expect(await obstacle(now())).toBeUndefined();
    expect(await obstacle(then())).toBeUndefined();
  });

  it('where what it is for is gone: that is said elsewhere', async () => {
    expect(await obstacle(now(), { target: undefined })).toBeUndefined();
    expect(await obstacle(then(), { trigger: undefined })).toBeUndefined();
  });
});

describe('secrets that cannot be opened', () => {
  it('of the function or of the trigger stand in the way', async () => {
    const target = targetBy(theirs);
    expect(await obstacle(now(), { target })).toBe('secret-unreadable');
    expect(await obstacle(now(triggerBy(theirs)))).toBe('secret-unreadable');
    expect(await obstacle(then(), { target })).toBe('secret-unreadable');
    expect(await obstacle(then(), { trigger: triggerBy(theirs) })).toBe('secret-unreadable');
  });

  it('are those of the version that is sent, not of the present one', async () => {
    const store = createMemoryStore();
    const { entity: _, workspace: __, ...definition } = triggerBy(theirs, 1);
    const name = { name: 'n', description: null, executionType: 'webhook', isSystem: false };
    await store.append(triggerStream('t'), 'no_stream', [
      {
        ...{ id: randomUUID(), type: 'TriggerRegistered', data: { ...definition, ...name } },
        metadata: {
          ...{ workspace, actor: 'user:ann', occurredAt: '2026-01-01T00:00:00.000Z' },
          ...{ schemaVersion: 1, $correlationId: 'c' },
        },
      },
    ]);
    const trigger = triggerBy(ours, 2);
    expect(await obstacle(then(1), { trigger, store })).toBe('secret-unreadable');
    expect(await obstacle(then(2), { trigger, store })).toBeUndefined();
    expect(await obstacle(now(trigger), { trigger, store })).toBeUndefined();
  });

  it('are no other mistake, which is not kept quiet', async () => {
    const broken = { ...targetBy(), signingSecret: null } as unknown as FunctionEntry;
    await expect(obstacle(now(), { target: broken })).rejects.toThrow(TypeError);
  });
});

describe('a body that is gone', () => {
  it('stands in the way', async () => {
    const forgotten = { ...arrival, isForgotten: true };
    expect(await obstacle(now(), {}, forgotten)).toBe('payload-forgotten');
    expect(await obstacle(now(), { target: targetBy(theirs) }, forgotten)).toBe(
      'secret-unreadable',
    );
  });
});
