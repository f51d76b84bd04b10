import { expect, it } from 'vitest';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import type { FindQuery } from '../../src/views/views.ts';
import { hang, startServer } from './server-under-test.ts';

const refused: CallOutcome = {
  ...{ ok: false, durationMs: 1, retryAfterMs: null },
  failure: { kind: 'status', message: 'answered 400', status: 400, body: null },
};

/** Events whose invocations are dead, and a function that never answers from now on. */
const world = async (count: number) => {
  let isAway = true;
  const server = await startServer({
    call: async (call) => (isAway ? refused : await hang(call)),
  });
  const { id: functionId } = await server.createFunction({ concurrency: 200 });
  await server.createTrigger({
    ...{ functionId, executionType: 'webhook', triggerMetadata: { path: '/in', concurrency: 200 } },
  });
  for (let n = 0; n < count; n += 1) await server.deliver('in', { payload: { n } });
  await expect.poll(() => server.engine.stats()['open']).toBe(0);
  const { invocations } = (await server.ask('GET', 'invocations?limit=500')).json();
  isAway = false;
  server.calls.length = 0;
  return {
    server,
    dead: invocations.map(({ id }: { id: string }) => id) as string[],
    retry: async (id = '') => {
      const answer = await server.ask('POST', `invocations/${id}/retry`);
      return { http: answer.statusCode, text: answer.body };
    },
    order: async (path = 'replays') =>
      (await server.ask('POST', path, { payload: { concurrency: 200 } })).json().id as string,
    /** The replay, when it has dealt with all that it is about. */
    dealt: async (id: string) => {
      const read = async () => (await server.ask('GET', `replays/${id}`)).json();
      await expect
        .poll(async () => {
          const { status, position } = await read();
          return status === 'completed' || position !== null;
        })
        .toBe(true);
      return await read();
    },
    /** The next such question is answered by what is so now, and only when it is let go. */
    holdBack(isIt: (where: NonNullable<FindQuery['where']>) => boolean) {
      const find = server.views.find.bind(server.views);
      let letGo = (): void => {};
      const released = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      let held = (): void => {};
      const isHeld = new Promise<void>((resolve) => {
        held = resolve;
      });
      server.views.find = async (name, query, seen) => {
        const page = await find(name, query, seen);
        if (name !== 'invocations' || !isIt(query.where ?? {})) return page;
        server.views.find = find;
        held();
        await released;
        return page;
      };
      return { isHeld, letGo };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
};

it('a retry that was decided before a replay began, and asked for after, is a 409 naming it', async () => {
  await using w = await world(1);
  const { isHeld, letGo } = w.holdBack((where) => Array.isArray(where['status']));
  const retried = w.retry(w.dead[0]);
  await isHeld;
  const replayId = await w.order();
  await expect.poll(() => w.server.calls.length).toBe(1);
  letGo();
  const answer = await retried;
  const { invocations } = (await w.server.ask('GET', `replays/${replayId}/invocations`)).json();
  expect(answer.http).toBe(409);
  expect(answer.text).toContain(invocations[0].id);
  expect(w.server.calls).toHaveLength(1);
});

it('a replay that was decided before a retry began leaves it to that', async () => {
  await using w = await world(1);
  const { isHeld, letGo } = w.holdBack((where) => Array.isArray(where['arrivalId']));
  const replayed = w.order();
  const replayId = await replayed;
  await isHeld;
  expect(await w.retry(w.dead[0])).toMatchObject({ http: 200 });
  letGo();
  const { counts } = await w.dealt(replayId);
  expect(counts).toMatchObject({ queued: 0, skipped: { 'under-way': 1 } });
  expect(w.server.calls).toHaveLength(1);
});

it('of retries, a replay and a redrive at once, each event is had by one', async () => {
  await using w = await world(30);
  const [answers, ...replays] = await Promise.all([
    Promise.all(w.dead.flatMap((id) => [w.retry(id), w.retry(id)])),
    ...[w.order(), w.order('dead-letters/redrive')],
  ]);
  for (const id of replays) await w.dealt(id);
  await expect.poll(() => w.server.calls.length).toBe(30);
  const called = w.server.calls.map(({ body }) => JSON.parse(String(body)).event.event_id);
  expect(new Set(called).size).toBe(30);
  for (const { http } of answers) expect([200, 409]).toContain(http);
});
