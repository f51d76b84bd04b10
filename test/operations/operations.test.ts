import { describe, expect, it } from 'vitest';
import { systemChance } from '../../src/domain/chance.ts';
import { isoOf } from '../../src/domain/clock.ts';
import { isTriplineError } from '../../src/domain/errors.ts';
import type { Envelope } from '../../src/domain/events.ts';
import { startServer } from '../http/server-under-test.ts';

const { newId } = systemChance;

/** Somebody who speaks no HTTP. */
const by = (workspace = 'acme'): Envelope => ({
  workspace,
  actor: 'worker:w1',
  occurredAt: isoOf(0),
  $correlationId: newId(),
});

const onDemand = (name: string) => ({
  name,
  description: null,
  functionId: newId(),
  executionType: 'on-demand',
  triggerMetadata: {},
});

const aFunction = {
  name: 'greet',
  type: 'http',
  url: 'https://example.org/hook',
  description: null,
  timeoutMs: 1_000,
  concurrency: 1,
  retry: {},
  send: 'both',
} as const;

const notFound = (error: unknown) => isTriplineError(error, 'not-found');

describe('without HTTP', () => {
  it('a trigger is created, changed, stopped, started and deleted, each as a recorded fact', async () => {
    await using server = await startServer();
    const { triggers } = server.operations;
    const id = newId();
    await triggers.create(id, onDemand('by a worker'), by());
    expect(triggers.find(id)).toMatchObject({ name: 'by a worker', createdBy: 'worker:w1' });
    await triggers.revise(id, { name: 'renamed', triggerMetadata: { params: { a: 1 } } }, by());
    expect(triggers.find(id)).toMatchObject({ name: 'renamed', version: 2 });
    await triggers.stop(id, 'w1', by());
    expect(triggers.find(id)).toMatchObject({ status: 'paused', reason: 'stopped by w1' });
    await triggers.start(id, by());
    expect(triggers.find(id)).toMatchObject({ status: 'active' });
    await triggers.remove(id, by());
    expect(triggers.find(id)).toBeUndefined();
    const types = (await server.events()).map(({ type }) => type);
    expect(types.filter((type) => type.startsWith('Trigger'))).toEqual([
      'TriggerRegistered',
      'TriggerRevised',
      'TriggerPaused',
      'TriggerResumed',
      'TriggerRetired',
    ]);
  });

  it('what is not valid is refused and leaves nothing in the log', async () => {
    await using server = await startServer();
    const wrong = { ...onDemand('wrong'), executionType: 'sometimes' };
    const refused = server.operations.triggers.create(newId(), wrong, by());
    await expect(refused).rejects.toMatchObject({ code: 'validation-failed' });
    expect(await server.events()).toEqual([]);
  });

  it('another workspace’s triggers and functions do not exist', async () => {
    await using server = await startServer();
    const { triggers, functions } = server.operations;
    const [triggerId, functionId] = [newId(), newId()];
    await triggers.create(triggerId, onDemand('mine'), by());
    await functions.create(functionId, aFunction, by());
    const before = (await server.events()).length;
    for (const attempt of [
      () => triggers.revise(triggerId, { name: 'theirs' }, by('other')),
      () => triggers.stop(triggerId, 'eve', by('other')),
      () => triggers.start(triggerId, by('other')),
      () => triggers.remove(triggerId, by('other')),
      () => functions.revise(functionId, { name: 'theirs' }, by('other')),
      () => functions.rotateSecret(functionId, by('other')),
      () => functions.remove(functionId, by('other')),
    ])
      await expect(attempt()).rejects.toSatisfy(notFound);
    expect((await server.events()).length).toBe(before);
  });

  it('nobody changes or deletes a system trigger', async () => {
    await using server = await startServer();
    await server.operations.workspaces.enter('acme', newId());
    const { id } = (await server.ask('GET', 'function-triggers')).json().triggers[0];
    const { triggers } = server.operations;
    for (const attempt of [
      () => triggers.revise(id, { name: 'mine now' }, by()),
      () => triggers.remove(id, by()),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('a function is registered with a secret of its own, which only the answer tells', async () => {
    await using server = await startServer();
    const { functions } = server.operations;
    const id = newId();
    const secret = await functions.create(id, aFunction, by());
    expect(secret).toMatch(/^whsec_/);
    expect(JSON.stringify(await server.events())).not.toContain(secret);
    const next = await functions.rotateSecret(id, by());
    expect(next).not.toBe(secret);
    await functions.revise(id, { timeoutMs: 5 }, by(), { ifRevision: 1 });
    expect(functions.find(id)).toMatchObject({ timeoutMs: 5, version: 3, name: 'greet' });
    await functions.remove(id, by());
    expect(functions.find(id)).toBeUndefined();
  });
});
