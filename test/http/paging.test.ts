import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import { type ServerUnderTest, startServer } from './server-under-test.ts';

type Listed = Readonly<Record<string, unknown>>;

interface Page {
  readonly items: readonly Listed[];
  readonly next: string | null;
}

const pageOf = async (server: ServerUnderTest, path: string, query: string): Promise<Page> => {
  const answer = await server.ask('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`);
  expect([path, query, answer.statusCode]).toEqual([path, query, 200]);
  const { next, ...rest } = answer.json();
  const items = Object.values(rest).find(Array.isArray) as Listed[];
  return { items, next };
};

/** Every page; `between` happens before each but the first, knowing what was seen so far. */
const readThrough = async (
  server: ServerUnderTest,
  path: string,
  limit: number,
  between: (seen: readonly Listed[]) => Promise<unknown> = async () => undefined,
): Promise<readonly Listed[]> => {
  const seen: Listed[] = [];
  let next: string | null = null;
  do {
    const after: string = next === null ? '' : `&after=${encodeURIComponent(next)}`;
    const page: Page = await pageOf(server, path, `limit=${limit}${after}`);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    seen.push(...page.items);
    next = page.next;
    if (next !== null) await between(seen);
  } while (next !== null);
  return seen;
};

const dead: CallOutcome = {
  ok: false,
  durationMs: 1,
  failure: { kind: 'status', message: 'answered 400', status: 400, body: null },
  retryAfterMs: null,
};

const ofThings = {
  'compute-functions': (server: ServerUnderTest) => server.createFunction(),
  'function-triggers': (server: ServerUnderTest) => server.createTrigger(),
  'function-triggers/drafts': async (server: ServerUnderTest) =>
    (await server.ask('POST', 'function-triggers/drafts', { payload: { name: 'a draft' } })).json(),
  'api-keys': async (server: ServerUnderTest) => {
    const payload = { name: 'a key', scopes: ['events:read'] };
    return (await server.ask('POST', 'api-keys', { payload })).json();
  },
} as const;
type Thing = keyof typeof ofThings;

const idsOf = (listed: readonly Listed[]) => listed.map(({ id }) => String(id));

/** Deletes some, the one at the end of the last page among them, and makes a new one, once. */
const oneChange = (server: ServerUnderTest, path: Thing, victims: readonly string[]) => {
  const gone = new Set<string>();
  let done = false;
  const change = async (seen: readonly Listed[]): Promise<void> => {
    if (done) return;
    done = true;
    for (const id of [...victims, String(seen.at(-1)?.['id'])]) {
      const answer = await server.ask('DELETE', `${path}/${id}`);
      if (answer.statusCode === 200) gone.add(id);
    }
    await ofThings[path](server);
  };
  return { gone, change };
};

describe.each(Object.keys(ofThings) as Thing[])('paging through %s', (path) => {
  it('shows what stays there all the time once, whatever comes and goes meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }),
        async (limit, choices) => {
          await using server = await startServer();
          for (let count = 0; count < 5; count += 1) await ofThings[path](server);
          const before = idsOf((await pageOf(server, path, 'limit=500')).items);
          const victims = choices.map((choice) => before[choice] ?? '');
          const { gone, change } = oneChange(server, path, victims);
          const seen = idsOf(await readThrough(server, path, limit, change));
          expect(new Set(seen).size).toBe(seen.length);
          const stayed = before.filter((id) => !gone.has(id));
          expect(seen.filter((id) => stayed.includes(id))).toEqual(stayed);
        },
      ),
      { numRuns: 8 },
    );
  });
});

describe('every list', () => {
  const lists = async (server: ServerUnderTest): Promise<readonly string[]> => {
    const { id: functionId } = await server.createFunction();
    const { id } = await server.createTrigger({ functionId });
    for (const at of [1, 2, 3]) {
      await ofThings['function-triggers/drafts'](server);
      await ofThings['api-keys'](server);
      const payload = { description: `${at}` };
      await server.ask('PUT', `function-triggers/${id}`, { payload });
      await server.ask('PUT', `compute-functions/${functionId}`, { payload });
      await server.createFunction();
      await server.createTrigger();
      const job = (await server.ask('POST', `function-triggers/${id}/execute`)).json();
      await expect
        .poll(async () => (await server.ask('GET', `jobs/${job}`)).json().status)
        .toBe('failed');
    }
    return [
      ...Object.keys(ofThings),
      `compute-functions/${functionId}/history`,
      `function-triggers/${id}/history`,
      `function-triggers/${id}/versions`,
      'events',
      'invocations',
      `invocations?functionId=${functionId}`,
      'dead-letters',
      `dead-letters?functionId=${functionId}`,
      'audit',
    ];
  };

  const refusalsOf = (server: ServerUnderTest, path: string) =>
    Promise.all(
      ['after=nonsense', 'after=W10', 'limit=0', 'limit=x', 'colour=blue'].map(async (wrong) => {
        const mark = path.includes('?') ? '&' : '?';
        const refused = await server.ask('GET', `${path}${mark}${wrong}`);
        return `${wrong.split('=')[0]} ${refused.statusCode} ${refused.json().details[0].field}`;
      }),
    );

  it('is paged in one way: limit, after, next, and refuses what is no cursor of its own', async () => {
    await using server = await startServer({ call: async () => dead });
    for (const path of await lists(server)) {
      const whole = (await pageOf(server, path, 'limit=500')).items;
      expect([path, whole.length > 2]).toEqual([path, true]);
      expect([path, await readThrough(server, path, 1)]).toEqual([path, whole]);
      expect([path, await refusalsOf(server, path)]).toEqual([
        path,
        [
          'after 400 after',
          'after 400 after',
          'limit 400 limit',
          'limit 400 limit',
          'colour 400 colour',
        ],
      ]);
    }
  });
});

describe('dead letters of a function', () => {
  it('fill their pages, whatever others died', async () => {
    await using server = await startServer({ call: async () => dead });
    const died = async (functionId: string) => {
      const { id } = await server.createTrigger({ functionId });
      const job = (await server.ask('POST', `function-triggers/${id}/execute`)).json();
      await expect
        .poll(async () => (await server.ask('GET', `jobs/${job}`)).json().status)
        .toBe('failed');
      return job;
    };
    const [wanted, other] = [await server.createFunction(), await server.createFunction()];
    const own: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      own.push(await died(wanted.id));
      await died(other.id);
      await died(other.id);
    }
    const page = await pageOf(server, `dead-letters?functionId=${wanted.id}`, 'limit=3&order=asc');
    expect(page.items.map(({ invocationId }) => invocationId)).toEqual(own);
    expect(page.next).toBeNull();
  });
});

describe('triggers', () => {
  const names = ['b', 'a', 'd', 'c', 'e'];
  const sortBy = (...fields: readonly (readonly [string, 'asc' | 'desc'])[]) =>
    `sort=${encodeURIComponent(JSON.stringify(fields.map(([field, direction]) => ({ field, direction }))))}`;

  it('come behind a cursor in any order that can be asked for', async () => {
    await using server = await startServer();
    for (const name of names) await server.createTrigger({ name });
    const path = `function-triggers?searchField=executionType&search=on-demand&${sortBy(['name', 'desc'])}`;
    const listed = (await readThrough(server, path, 2)).map(({ name }) => name);
    expect(listed).toEqual(['e', 'd', 'c', 'b', 'a', 'System default trigger']);
    const same = `function-triggers?${sortBy(['executionType', 'asc'], ['name', 'asc'])}`;
    expect((await readThrough(server, same, 1)).map(({ name }) => name)).toEqual([
      'System default trigger',
      ...names.toSorted(),
    ]);
  });

  it('are on pages with numbers as well, which lead on to cursors', async () => {
    await using server = await startServer();
    for (const name of names) await server.createTrigger({ name });
    const second = (await server.ask('GET', 'function-triggers?limit=2&page=2')).json();
    expect(second).toMatchObject({ total: 6, page: 2, limit: 2 });
    expect(second.triggers.map(({ name }: Listed) => name)).toEqual(['a', 'd']);
    const third = await pageOf(server, 'function-triggers', `limit=2&after=${second.next}`);
    expect(third.items.map(({ name }) => name)).toEqual(['c', 'e']);
    expect(third.next).toBeNull();
  });

  it.each([
    ['page', `page=2&after=`],
    ['after', `${sortBy(['name', 'asc'])}&after=`],
  ])('are not shown where %s and the cursor do not go together', async (field, query) => {
    await using server = await startServer();
    for (const name of names) await server.createTrigger({ name });
    const { next } = (await server.ask('GET', 'function-triggers?limit=2')).json();
    const refused = await server.ask('GET', `function-triggers?limit=2&${query}${next}`);
    expect([refused.statusCode, refused.json().details[0].field]).toEqual([400, field]);
  });
});

describe('what was accepted', () => {
  it('is in every list when its 202 is there, also while more comes in', async () => {
    await using server = await startServer();
    const { id: functionId } = await server.createFunction({ concurrency: 1 });
    const more = { functionId, executionType: 'webhook' };
    await server.createTrigger({ ...more, triggerMetadata: { path: 'here' } });
    await server.createTrigger({
      functionId,
      executionType: 'message',
      triggerMetadata: { topic: 'news.*' },
    });
    const deliver = async (at: number) =>
      at % 2 === 0
        ? server.deliver('here', { payload: { at } })
        : server.ask('POST', 'messages', {
            payload: { topic: 'news.now', sender: 'me', content: { at } },
          });
    const check = async (at: number) => {
      const answer = await deliver(at);
      expect(answer.statusCode).toBe(202);
      const id = answer.json().event_id;
      const [events, invocations, all, audit] = await Promise.all([
        server.ask('GET', 'events?limit=500'),
        server.ask('GET', `invocations?eventId=${id}`),
        server.ask('GET', 'invocations?limit=500'),
        server.ask('GET', 'audit?type=InvocationQueued&limit=500'),
      ]);
      const event = events.json().events.find((listed: Listed) => listed['id'] === id);
      expect(event?.outcomes).toHaveLength(1);
      expect(invocations.json().invocations).toHaveLength(1);
      const ofEvent = (listed: Listed) => listed['eventId'] === id;
      expect(all.json().invocations.filter(ofEvent)).toHaveLength(1);
      const ofArrival = ({ data }: Listed) => (data as Listed)['arrivalId'] === id;
      expect(audit.json().events.filter(ofArrival)).toHaveLength(1);
    };
    await Promise.all(Array.from({ length: 40 }, (_, at) => check(at)));
  });
});

interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
}

/** Every request that is described, but webhooks: senders may add to their address what they like. */
const requestsOf = async (server: ServerUnderTest): Promise<readonly Request[]> => {
  const { paths } = (await server.ask('GET', '/openapi.json')).json() as {
    paths: Record<string, Record<string, object>>;
  };
  return Object.entries(paths)
    .filter(([path]) => !path.includes('/webhook/'))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase() as Request['method'],
        path,
      })),
    );
};

/** By what of an address says which kind of thing its id is of; the first that fits. */
const oneOfEach = async (
  server: ServerUnderTest,
): Promise<readonly (readonly [RegExp, string])[]> => {
  const { id: functionId } = await server.createFunction();
  const { id: trigger } = await server.createTrigger({ functionId });
  const { id: draft } = await ofThings['function-triggers/drafts'](server);
  const { id: key } = await ofThings['api-keys'](server);
  const job = (await server.ask('POST', `function-triggers/${trigger}/execute`)).json();
  const event = (await server.ask('GET', 'events')).json().events[0].id;
  const replay = (await server.ask('POST', 'replays', { payload: {} })).json().id;
  await expect
    .poll(async () => (await server.ask('GET', `replays/${replay}`)).json().status)
    .toBe('completed');
  return [
    [/replays/, replay],
    [/drafts|publish$/, draft],
    [/compute-functions/, functionId],
    [/api-keys/, key],
    [/events/, event],
    [/function-triggers/, trigger],
    [/./, job],
  ];
};

describe('a query member that a route does not know', () => {
  it('is refused by name everywhere, and changes nothing', async () => {
    await using server = await startServer();
    const ids = await oneOfEach(server);
    const recorded = await server.events();
    const requests = await requestsOf(server);
    expect(requests.length).toBeGreaterThan(45);
    for (const { method, path } of requests) {
      const id = ids.find(([kind]) => kind.test(path))?.[1] ?? '';
      const url = path.replace('{slug}', 'acme').replace('{id}', id).replace('{name}', 'trigger');
      const { statusCode, body } = await server.ask(method, `${url}?colour=blue`);
      expect([method, path, statusCode]).toEqual([method, path, 400]);
      // What lacks its body is told so first.
      if (!body.includes('is required') && !body.includes('must be an object'))
        expect([method, path, body]).toEqual([method, path, expect.stringContaining('"colour"')]);
    }
    const payload = { name: 'one', type: 'http', url: 'https://example.org/' };
    const created = await server.ask('POST', 'compute-functions?colour=blue', { payload });
    expect(created.json().details).toEqual([{ field: 'colour', message: 'is not known' }]);
    expect(await server.events()).toEqual(recorded);
  });
});
