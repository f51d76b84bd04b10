import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { createWorld, previousSecret, signingSecret, succeeded, type World } from './world.ts';

const hour = 3_600_000;

/** The secrets, new one first, whose signature the last call carries. */
const signedWith = ({ calls }: World): boolean[] => {
  const { headers, body } = calls.at(-1)!;
  const id = headers['webhook-id']!;
  const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
  const signatures = headers['webhook-signature']!.split(' ');
  return [signingSecret, previousSecret].map((secret) =>
    signatures.includes(new Webhook(secret).sign(id, at, String(body))),
  );
};

it('the secret before signs along with the new one until the overlap is over, and no longer', async () => {
  const world = createWorld();
  await world.engine.start();
  world.always(succeeded);
  const overlapUntil = world.clock.now() + 24 * hour;
  const triggerId = await world.trigger(await world.function({ overlapUntil }));
  const later = async (ms: number) => {
    world.clock.advance(ms);
    await world.arrive(triggerId);
    await world.quiet();
    return signedWith(world);
  };
  expect(await later(0)).toEqual([true, true]);
  expect(await later(24 * hour - 1)).toEqual([true, true]);
  expect(await later(1)).toEqual([true, false]);
  await world.engine.stop(0);
});
