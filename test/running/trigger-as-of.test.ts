import { expect, it } from 'vitest';
import { triggerAsOf } from '../../src/running/trigger-as-of.ts';
import { createWorld } from './world.ts';

it('is a trigger as it was when it last had a version, and nothing where it never had', async () => {
  const world = createWorld();
  await world.engine.start();
  const trigger = await world.trigger(await world.function());
  await world.onTrigger(trigger, { type: 'PauseTrigger', reason: 'by ann' });
  const { store } = world;
  expect(await triggerAsOf(store, trigger, 1)).toMatchObject({
    ...{ triggerId: trigger, version: 1, status: 'paused' },
  });
  await world.onTrigger(trigger, { type: 'RetireTrigger' });
  expect(await triggerAsOf(store, trigger, 1)).toMatchObject({ version: 1, status: 'paused' });
  expect(await triggerAsOf(store, trigger, 2)).toBeUndefined();
  expect(await triggerAsOf(store, 'never', 1)).toBeUndefined();
  await world.engine.stop(0);
});
