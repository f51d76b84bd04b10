import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Api, apiOf } from './api.ts';
import { type Call, type FunctionEndpoint, openFunctionEndpoint } from './function-endpoint.ts';
import { githubDeliveries, post } from './github-deliveries.ts';
import { githubSecret, setUpGithub } from './github-setup.ts';
import { scratch } from './scratch.ts';
import { startServer } from './server-process.ts';
import { allEnded, until } from './until.ts';

interface Received {
  readonly executionParams: { readonly payload: unknown; readonly rawBody: string };
  readonly executionType: string;
  readonly event: { readonly event_id: string; readonly metadata: Record<string, unknown> };
}

describe('deliveries of GitHub, from the wire to the function', () => {
  const resources = scratch();
  const received: Received[] = [];
  let api: Api;
  let repositories = 0;

  beforeAll(async () => {
    const server = resources.use(await startServer({ dataDir: await resources.directory() }));
    api = apiOf(server);
  });
  afterAll(() => resources[Symbol.asyncDispose]());
  afterEach(() => {
    received.length = 0;
  });

  interface SetUp {
    readonly endpoint: FunctionEndpoint;
    readonly url: string;
    readonly name: string;
  }

  /** A webhook and a function that no other test knows. */
  const setUp = async (): Promise<SetUp> => {
    const keep = ({ body }: Call) => {
      received.push(JSON.parse(body) as Received);
      return { status: 200 };
    };
    const endpoint = resources.use(await openFunctionEndpoint(keep));
    repositories += 1;
    const name = `github-${repositories}`;
    const { url } = await setUpGithub(api, endpoint.url, { name });
    return { endpoint, url, name };
  };

  it('calls the function once for each, with the very bytes that were sent', async () => {
    const { endpoint, url } = await setUp();
    const deliveries = githubDeliveries(50);
    const posted = await Promise.all(
      deliveries.map((delivery) => post(url, delivery, githubSecret)),
    );
    expect(posted.map(({ status }) => status)).toEqual(deliveries.map(() => 202));
    await until('all are called', () => endpoint.calls.size === deliveries.length);
    await until('all have ended', () => allEnded(api));

    const bodies = received.map(({ executionParams }) =>
      Buffer.from(executionParams.rawBody, 'base64').toString(),
    );
    expect(bodies.sort()).toEqual(deliveries.map(({ body }) => body).sort());
    expect(received.every(({ executionType }) => executionType === 'webhook')).toBe(true);
    expect(new Set(received.map(({ event }) => event.event_id))).toEqual(
      new Set(posted.map(({ eventId }) => eventId)),
    );
  });

  it('is listed by the time its sender has been answered', async () => {
    const { url } = await setUp();
    for (const delivery of githubDeliveries(20)) {
      const { eventId } = await post(url, delivery, githubSecret);
      const { events } = await api.ask('GET', 'events?limit=1');
      expect(events).toMatchObject([{ id: eventId }]);
    }
  });

  it('calls each that is sent several times at once, also while triggers change', async () => {
    const { endpoint, url } = await setUp();
    const { triggerId } = await setUpGithub(api, endpoint.url, { name: 'beside' });
    const deliveries = githubDeliveries(50).flatMap((delivery) =>
      [1, 2, 3].map((copy) => ({ ...delivery, id: `${delivery.id}-${copy}` })),
    );
    let sending = true;
    const changing = async (): Promise<void> => {
      for (let n = 0; sending; n += 1)
        await api.ask('PUT', `function-triggers/${triggerId}`, { description: `the ${n}th` });
    };
    const change = changing();
    for (const delivery of deliveries) {
      const posted = await Promise.all([1, 2, 3].map(() => post(url, delivery, githubSecret)));
      expect(posted.map(({ status }) => status)).toEqual([202, 202, 202]);
    }
    sending = false;
    await change;
    await until('all are called', () => endpoint.calls.size === deliveries.length);
    await until('all have ended', () => allEnded(api));
    expect([...endpoint.calls.values()].every((count) => count === 1)).toBe(true);
  });

  it('takes a delivery once, however often it is sent', async () => {
    const { endpoint, url } = await setUp();
    const [delivery] = githubDeliveries(1);
    if (!delivery) throw new Error('there are no examples');
    const first = await post(url, delivery, githubSecret);
    const again = await post(url, delivery, githubSecret);
    const abreast = await Promise.all(
      Array.from({ length: 8 }, () => post(url, delivery, githubSecret)),
    );
    expect([again, ...abreast].map(({ eventId }) => eventId)).toEqual(Array(9).fill(first.eventId));
    await until('it is called', () => endpoint.calls.size === 1);
    await until('all have ended', () => allEnded(api));
    expect([...endpoint.calls.values()]).toEqual([1]);
  });

  it('lets no forged delivery in', async () => {
    const { endpoint, url, name } = await setUp();
    const deliveries = githubDeliveries(10);
    const forged = await Promise.all(deliveries.map((delivery) => post(url, delivery, 'guessed')));
    expect(forged.map(({ status }) => status)).toEqual(deliveries.map(() => 401));
    expect((await api.ask('GET', `events?sourceKey=${name}`))['events']).toEqual([]);
    expect(endpoint.calls.size).toBe(0);
  });
});
