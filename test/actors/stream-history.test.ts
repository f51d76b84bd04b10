import { expect, it } from 'vitest';
import { loadStanding } from '../../src/actors/stream-history.ts';
import { systemChance } from '../../src/domain/chance.ts';
import { TriplineError } from '../../src/domain/errors.ts';
import type { Fact } from '../../src/domain/events.ts';
import { trigger } from '../../src/domain/trigger/decider.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { now, triggerDefinition } from '../domain/examples.ts';

const metadata = { workspace: 'acme', actor: 'user:ann', occurredAt: now, $correlationId: 'c' };

it('nothing has brought an entity anywhere whose stream does not exist', async () => {
  const standing = await loadStanding(createMemoryStore(), 'trigger-1', trigger);
  expect(standing).toEqual({
    state: trigger.initialState,
    revision: 'no_stream',
    position: undefined,
  });
});

const renamed = (n: number) => ({
  id: systemChance.newId(),
  type: 'TriggerRevised',
  data: { ...triggerDefinition, name: `n${n}`, version: n + 2 },
  metadata: { ...metadata, schemaVersion: 1 },
});

it('every fact of a long stream counts once, in its order', async () => {
  const store = createMemoryStore();
  const events = Array.from({ length: 2_500 }, (_, n) => renamed(n));
  await store.append('trigger-1', 'no_stream', events);
  const counting = {
    initialState: [] as readonly string[],
    evolve: (names: readonly string[], { data }: Fact) => [
      ...names,
      (data as { name: string }).name,
    ],
  };
  const { state, revision } = await loadStanding(store, 'trigger-1', counting);
  expect(state).toEqual(events.map(({ data }) => data.name));
  expect(revision).toBe(2_499);
});

it('what cannot be read is not taken for what does not exist', async () => {
  const readStream = () => Promise.reject(new TriplineError('store-unavailable', 'as told'));
  await expect(loadStanding({ readStream }, 'trigger-1', trigger)).rejects.toMatchObject({
    code: 'store-unavailable',
  });
});

it('a fact in the version of a later release is not read as one of this', async () => {
  const store = createMemoryStore();
  const counting = { initialState: 0, evolve: (count: number) => count + 1 };
  const inVersion = (schemaVersion: number) => ({
    ...renamed(0),
    metadata: { ...metadata, schemaVersion },
  });
  await store.append('trigger-1', 'no_stream', [inVersion(1)]);
  expect((await loadStanding(store, 'trigger-1', counting)).state).toBe(1);
  await store.append('trigger-1', 0, [inVersion(2)]);
  await expect(loadStanding(store, 'trigger-1', counting)).rejects.toMatchObject({
    code: 'corrupt-stream',
  });
});
