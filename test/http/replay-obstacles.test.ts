import { expect, it } from 'vitest';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import { openStore } from '../../src/store/index.ts';
import { type Options, type ServerUnderTest, startServer } from './server-under-test.ts';

const refused: CallOutcome = {
  ...{ ok: false, durationMs: 1, retryAfterMs: null },
  failure: { kind: 'status', message: 'answered 400', status: 400, body: null },
};

const keyOf = (version: number) => ({ version, key: Buffer.alloc(32, version) });
const asThen = { versions: 'as-then' };
const asNow = { versions: 'as-now' };

const settled = async ({ engine }: ServerUnderTest) =>
  await expect.poll(() => engine.stats()['open']).toBe(0);

/** Both where it is only counted and where it is done. */
const skippedBy = async (server: ServerUnderTest, payload: object) => {
  const asked = await server.ask('POST', 'replays', { payload: { ...payload, dryRun: true } });
  const { id } = (await server.ask('POST', 'replays', { payload })).json();
  const read = async () => (await server.ask('GET', `replays/${id}`)).json();
  await expect.poll(async () => (await read()).status).toBe('completed');
  const { counts } = await read();
  expect(asked.json().counts.skipped).toEqual(counts.skipped);
  expect(asked.json().counts.invocations).toBe(counts.queued);
  const { skipped } = (await server.ask('GET', `replays/${id}/skipped`)).json();
  return { counts, skipped };
};

it('leaves out what was forgotten, and names it', async () => {
  await using server = await startServer({ call: async () => refused });
  const { id: functionId } = await server.createFunction();
  const trigger = await server.createTrigger({
    ...{ functionId, executionType: 'webhook', triggerMetadata: { path: '/in' } },
  });
  const ids: string[] = [];
  for (const payload of ['one', 'two'])
    ids.push((await server.deliver('in', { payload })).json().event_id);
  await settled(server);
  const [eventId] = ids;
  const forgotten = await server.ask('POST', `events/${eventId}/forget`, { payload: {} });
  expect(forgotten.statusCode).toBe(200);
  const { counts, skipped } = await skippedBy(server, {});
  expect(counts).toMatchObject({ planned: 1, queued: 1, skipped: { 'payload-forgotten': 1 } });
  expect(skipped).toEqual([{ eventId, triggerId: trigger.id, reason: 'payload-forgotten' }]);
});

it.each([asThen, asNow])(
  'leaves out what takes a secret of a key that is away: $versions',
  async (how) => {
    const log = await openStore('memory:', { dataDir: '' });
    const options: Options = { log, call: async () => refused };
    const token = { value: 'hidden', encrypt: true };
    let ofParams = '';
    let ofFunction = '';
    {
      await using server = await startServer({ ...options, keys: [keyOf(1)] });
      const { id: functionId } = await server.createFunction();
      const make = async (path: string, params: object) =>
        (
          await server.createTrigger({
            ...{ functionId, executionType: 'webhook', triggerMetadata: { path, params } },
          })
        ).id;
      ofParams = await make('/params', { token });
      ofFunction = await make('/function', {});
      for (const path of ['params', 'function']) await server.deliver(path);
      await settled(server);
    }
    {
      await using server = await startServer({ ...options, keys: [keyOf(2)] });
      const { counts, skipped } = await skippedBy(server, how);
      expect(counts).toMatchObject({ queued: 0, skipped: { 'secret-unreadable': 2 } });
      expect(skipped.map(({ triggerId }: { triggerId: string }) => triggerId)).toEqual([
        ...[ofParams, ofFunction],
      ]);
    }
    await using server = await startServer({ ...options, keys: [keyOf(2), keyOf(1)] });
    const { counts } = await skippedBy(server, how);
    expect(counts).toMatchObject({ queued: 2, skipped: {} });
  },
);
