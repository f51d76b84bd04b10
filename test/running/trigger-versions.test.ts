import { expect, it } from 'vitest';
import { createTriggerVersions } from '../../src/running/trigger-versions.ts';
import { createWorld } from './world.ts';

it('reads of the log once what has been replaced, and nothing of what is at hand', async () => {
  const world = createWorld();
  await world.engine.start();
  const trigger = await world.trigger(await world.function());
  const read: string[] = [];
  const versions = createTriggerVersions({
    registry: world.engine.registry,
    store: {
      readStream: (stream, options) => {
        read.push(stream);
        return world.store.readStream(stream, options);
      },
    },
  });
  const present = await versions(trigger, 1);
  expect(present).toBe(world.engine.registry.triggerById(trigger));
  expect(read).toEqual([]);

  await world.onTrigger(trigger, { type: 'ReviseTrigger', name: 'another' });
  expect(await versions(trigger, 2)).toMatchObject({ version: 2, name: 'another' });
  expect(await versions(trigger, 1)).toMatchObject({ version: 1, name: present?.name });
  expect(await versions(trigger, 1)).toMatchObject({ version: 1 });
  expect(read).toHaveLength(1);
  await world.engine.stop(0);
});

it('reads again what the registry has not seen replaced', async () => {
  const world = createWorld();
  await world.engine.start();
  const trigger = await world.trigger(await world.function());
  const versions = createTriggerVersions({
    store: world.store,
    registry: { triggerById: () => undefined },
  });
  expect(await versions(trigger, 1)).toMatchObject({ version: 1, status: 'active' });
  await world.onTrigger(trigger, { type: 'PauseTrigger', reason: 'by ann' });
  expect(await versions(trigger, 1)).toMatchObject({ version: 1, status: 'paused' });
  await world.engine.stop(0);
});
