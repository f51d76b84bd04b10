import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ServerUnderTest, startServer } from './server-under-test.ts';

interface Arrived {
  readonly id: string;
  readonly position: string;
  readonly receivedAt: string;
}

const get = async (server: ServerUnderTest, path: string) => (await server.ask('GET', path)).json();

const topics = ['a', 'a.b', 'a.b.c', 'b', 'b.c'];
const types = ['made', 'sold'];
const sources = ['shop', 'bank'];
const paths = ['in', 'out'];

/** What has come in somewhere, at paths whose triggers are gone too. */
const seed = async (server: ServerUnderTest, functionId: string): Promise<readonly Arrived[]> => {
  const before = [];
  for (const path of paths)
    before.push(
      await server.createTrigger({
        ...{ functionId, executionType: 'webhook', triggerMetadata: { path } },
      }),
    );
  const post = async (path: string, payload: object): Promise<void> => {
    expect((await server.ask('POST', path, { payload })).statusCode).toBe(202);
  };
  for (let n = 0; n < 3; n += 1) {
    for (const topic of topics) await post('messages', { topic, content: { n } });
    for (const type of types)
      for (const source of sources) await post('events', { event_type: type, source, data: { n } });
    for (const path of paths) await server.deliver(path, { payload: { n } });
  }
  for (const { id } of before) await server.ask('DELETE', `function-triggers/${id}`);
  const { events } = await get(server, 'events?limit=100&order=asc');
  return events;
};

const definition = fc.oneof(
  fc.constantFrom('a', 'a.*', '*.b', 'a.**', '**', 'b.c', 'c').map((topic) => ({
    ...{ executionType: 'message', triggerMetadata: { topic } },
  })),
  fc.record({ eventType: fc.constantFrom(...types, 'lost') }).chain((one) =>
    fc.option(fc.constantFrom(...sources), { nil: undefined }).map((eventSource) => ({
      executionType: 'event',
      triggerMetadata: { ...one, ...(eventSource !== undefined && { eventSource }) },
    })),
  ),
  fc.constantFrom(...paths, 'else').map((path) => ({
    ...{ executionType: 'webhook', triggerMetadata: { path } },
  })),
);

interface Asked {
  readonly definition: object;
  readonly at: number;
  readonly by: 'position' | 'time';
}

const asked: fc.Arbitrary<Asked> = fc.record({
  ...{ definition, at: fc.nat(), by: fc.constantFrom('position', 'time') },
});

it('would fire for exactly what creating it with that start delivers, and no more after that', async () => {
  await using server = await startServer();
  const { id: functionId } = await server.createFunction();
  const arrived = await seed(server, functionId);
  expect(arrived).toHaveLength(33);
  const whatIf = async (payload: object) =>
    (await server.ask('POST', 'what-if', { payload: { limit: 200, ...payload } })).body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

  const agrees = async ({ definition, at, by }: Asked): Promise<void> => {
    const { position, receivedAt } = arrived[at % arrived.length] as Arrived;
    const from = by === 'time' ? { time: receivedAt } : { position };
    const whole = { name: 'late', functionId, ...definition };
    const lines = await whatIf({ trigger: null, definition: whole, range: { from } });
    const fires = lines.filter(({ line }) => line === 'arrival').map(({ id }) => id);
    const created = (
      await server.ask('POST', 'function-triggers', { payload: { ...whole, startFrom: from } })
    ).json();
    const { replayId } = created.catchUp;
    await expect
      .poll(async () => (await get(server, `replays/${replayId}`)).status)
      .toBe('completed');
    const { invocations } = await get(server, `replays/${replayId}/invocations?limit=100`);
    expect(invocations.map(({ eventId }: { eventId: string }) => eventId)).toEqual(fires);
    const { counts } = await get(server, `replays/${replayId}`);
    expect(counts).toMatchObject({ planned: fires.length, skipped: {} });
    const after = (await whatIf({ trigger: created.id, definition: {}, range: { from } })).at(-1);
    expect(after).toMatchObject({ wouldFire: 0, unchanged: fires.length, noLongerFires: 0 });
    await server.ask('DELETE', `function-triggers/${created.id}`);
  };
  await fc.assert(fc.asyncProperty(asked, agrees), { numRuns: 12 });
}, 60_000);
