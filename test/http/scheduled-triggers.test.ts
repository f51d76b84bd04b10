import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../running/virtual-clock.ts';
import { startServer } from './server-under-test.ts';

const minute = 60_000;

const opened = async () => {
  // Tokens are checked against the time, so it must be about now.
  const wholeMinute = Math.floor(Date.now() / minute) * minute;
  const clock = createVirtualClock(new Date(wholeMinute - 1).toISOString());
  const server = await startServer({ clock });
  // The workspace comes first, and no two triggers of one are created at the same instant.
  await server.ask('GET', 'function-triggers');
  clock.advance(1);
  const create = (triggerMetadata: object, name = 'tick') =>
    server.ask('POST', 'function-triggers', {
      payload: {
        name,
        functionId: '11111111-1111-4111-8111-111111111111',
        executionType: 'scheduled',
        triggerMetadata,
      },
    });
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return { server, clock, create, pass, start: clock.now() };
};

const iso = (ms: number): string => new Date(ms).toISOString();

describe('a scheduled trigger', () => {
  it.each([
    [{}, 'triggerMetadata.interval must be a positive integer, unless cron or at is given'],
    [{ interval: 0 }, 'triggerMetadata.interval must be a positive integer'],
    [{ interval: -5 }, 'triggerMetadata.interval must be a positive integer'],
    [{ interval: 1.5 }, 'triggerMetadata.interval must be a positive integer'],
    [{ interval: '60' }, 'triggerMetadata.interval must be a positive integer'],
    [{ at: '2020-01-01T00:00:00Z' }, 'triggerMetadata.at must be later than now'],
    [
      { interval: 60, endAt: '2020-01-01T00:00:00Z' },
      'triggerMetadata.endAt leaves no tick from now on',
    ],
    [
      { cron: '* * * * *', timezone: 'Mars/Olympus' },
      'triggerMetadata.timezone must be an IANA time zone such as Europe/Berlin',
    ],
  ])('refuses %j', async (metadata, message) => {
    const { server, create } = await opened();
    await using _ = server;
    const answer = await create(metadata);
    expect([answer.statusCode, answer.json().message]).toEqual([400, message]);
  });

  it('refuses 31 February', async () => {
    const { server, create } = await opened();
    await using _ = server;
    const answer = await create({ cron: '0 0 31 2 *' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().message).toContain('triggerMetadata.cron');
  });

  it('fires, and tells what it was planned for', async () => {
    const { server, create, pass, start } = await opened();
    await using _ = server;
    const fn = await server.createFunction();
    const created = await server.ask('POST', 'function-triggers', {
      payload: {
        name: 'tick',
        functionId: fn.id,
        executionType: 'scheduled',
        triggerMetadata: { interval: 60, params: { a: 1 } },
      },
    });
    expect([created.statusCode, created.json().triggerMetadata]).toEqual([
      201,
      {
        interval: 60,
        params: { a: 1 },
        jitterSeconds: 0,
        overlap: 'queue',
        misfire: 'skip',
        concurrency: 1,
      },
    ]);
    await pass(minute);
    const { id } = created.json();
    expect(server.calls.map(({ body }) => JSON.parse(String(body)))).toMatchObject([
      {
        executionParams: {
          scheduledAt: iso(start + minute),
          tickId: `${id}@${iso(start + minute)}`,
        },
        triggerParams: { a: 1 },
        executionType: 'scheduled',
      },
    ]);
    expect(server.calls.map(({ body }) => 'event' in JSON.parse(String(body)))).toEqual([false]);
    const { ticks, lastScheduledAt } = (
      await server.ask('GET', `function-triggers/${id}/ticks?count=2`)
    ).json();
    expect(lastScheduledAt).toBe(iso(start + minute));
    expect(ticks).toEqual(
      [2, 3].map((n) => ({
        id: `${id}@${iso(start + n * minute)}`,
        scheduledAt: iso(start + n * minute),
        dueAt: iso(start + n * minute),
        shifted: null,
      })),
    );
    void create;
  });

  it('is planned anew by an update, and another way to say when takes the place of the old', async () => {
    const { server, create, pass, start } = await opened();
    await using _ = server;
    const { id } = (await create({ interval: 3_600 })).json();
    await pass(minute);
    const next = async () =>
      (await server.ask('GET', `function-triggers/${id}/ticks?count=1`)).json().ticks[0]
        .scheduledAt;
    expect(await next()).toBe(iso(start + 60 * minute));
    const put = (triggerMetadata: object) =>
      server.ask('PUT', `function-triggers/${id}`, { payload: { triggerMetadata } });
    expect((await put({ interval: 120 })).statusCode).toBe(200);
    expect(await next()).toBe(iso(start + 3 * minute));
    const daily = await put({ cron: '0 0 1 1 *', timezone: 'Europe/Berlin' });
    expect(daily.json().triggerMetadata).not.toHaveProperty('interval');
    expect(new Date(await next()).getUTCHours()).toBe(23);
    const past = await put({ at: '2020-01-01T00:00:00Z' });
    expect([past.statusCode, past.json().details[0].field]).toEqual([400, 'triggerMetadata.at']);
  });

  it('may be renamed when it has nothing left to do', async () => {
    const { server, create, pass, start } = await opened();
    await using _ = server;
    const { id } = (await create({ at: iso(start + minute) })).json();
    await pass(2 * minute);
    const renamed = await server.ask('PUT', `function-triggers/${id}`, {
      payload: { name: 'done', triggerMetadata: { params: { b: 2 } } },
    });
    expect(renamed.statusCode).toBe(200);
    const { ticks } = (await server.ask('GET', `function-triggers/${id}/ticks`)).json();
    expect(ticks).toEqual([]);
  });

  it('leaves a record of what did not fire, found by the trigger', async () => {
    const { server, create, pass } = await opened();
    await using _ = server;
    const { id } = (await create({ interval: 60 })).json();
    await server.ask('POST', `function-triggers/${id}/stop`);
    await pass(3 * minute);
    const { status, ticks } = (await server.ask('GET', `function-triggers/${id}/ticks`)).json();
    expect([status, ticks.length]).toEqual(['stopped', 10]);
    await server.ask('POST', `function-triggers/${id}/start`);
    await pass(0);
    const { events } = (
      await server.ask('GET', `audit?correlationId=${id}&type=TicksMissed`)
    ).json();
    expect(events).toHaveLength(1);
    expect(events[0].data).toMatchObject({ triggerId: id, reason: 'paused', count: 3 });
  });
});

describe('the ticks of a schedule', () => {
  it('can be asked for before there is a trigger', async () => {
    const { server, start } = await opened();
    await using _ = server;
    const answer = await server.ask('POST', 'function-triggers/ticks', {
      payload: { triggerMetadata: { interval: 60 }, count: 3 },
    });
    expect(
      answer.json().ticks.map(({ scheduledAt }: { scheduledAt: string }) => scheduledAt),
    ).toEqual([1, 2, 3].map((n) => iso(start + n * minute)));
    const wrong = await server.ask('POST', 'function-triggers/ticks', {
      payload: { triggerMetadata: { cron: 'x' } },
    });
    expect(wrong.statusCode).toBe(400);
  });

  it('are those of scheduled triggers only, and of this workspace', async () => {
    const { server } = await opened();
    await using _ = server;
    const { id } = await server.createTrigger();
    expect((await server.ask('GET', `function-triggers/${id}/ticks`)).statusCode).toBe(400);
    expect((await server.ask('GET', 'function-triggers/nobody/ticks')).statusCode).toBe(404);
    const tooMany = await server.ask('GET', `function-triggers/${id}/ticks?count=100000`);
    expect(tooMany.statusCode).toBe(400);
  });
});
