import { expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { startServer } from './server-under-test.ts';

const hour = 3_600_000;

const world = async () => {
  let now = Date.parse('2026-03-01T00:00:00Z');
  const server = await startServer({ clock: { ...systemClock, now: () => now } });
  const get = async (path: string) => {
    const answer = await server.ask('GET', path);
    return { status: answer.statusCode, ...answer.json() };
  };
  return {
    server,
    get,
    /** The instant and the place in the log, and an hour passes. */
    mark: async () => {
      // What is created in one millisecond is recorded in several, so that lists have an order.
      now += 1_000;
      const time = new Date(now).toISOString();
      const { events } = await get('audit?limit=1');
      now += hour;
      return { time, position: events[0].position as string };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
};

it('shows functions and triggers as they stood, by time and by position', async () => {
  await using w = await world();
  const { server, get } = w;
  const empty = await w.mark();
  const fn = await server.createFunction();
  const trigger = await server.createTrigger({
    ...{ name: 'first name', functionId: fn.id, executionType: 'webhook' },
    triggerMetadata: { path: '/a' },
  });
  const made = await w.mark();
  const at = `function-triggers/${trigger.id}`;
  await server.ask('PUT', at, {
    payload: { name: 'second name', triggerMetadata: { path: '/b' } },
  });
  await server.ask('POST', `${at}/stop`);
  const changed = await w.mark();
  await server.ask('DELETE', at);
  await server.ask('DELETE', `compute-functions/${fn.id}`);
  const gone = await w.mark();

  for (const key of ['time', 'position'] as const) {
    const then = async (moment: typeof made) => await get(`${at}?asOf=${moment[key]}`);
    expect((await then(empty)).status).toBe(404);
    expect(await then(made)).toMatchObject({
      ...{ status: 'active', name: 'first name', version: 1 },
      triggerMetadata: { path: '/a' },
    });
    expect(await then(changed)).toMatchObject({
      ...{ status: 'stopped', name: 'second name', version: 2 },
      triggerMetadata: { path: '/b' },
    });
    expect(await then(changed)).not.toHaveProperty('queueSize');
    expect((await then(gone)).status).toBe(404);

    const names = async (moment: typeof made) =>
      (await get(`function-triggers?asOf=${moment[key]}&search=name`)).triggers.map(
        ({ name }: { name: string }) => name,
      );
    expect(await names(empty)).toEqual([]);
    expect(await names(made)).toEqual(['first name']);
    expect(await names(changed)).toEqual(['second name']);
    expect(await names(gone)).toEqual([]);

    const functions = async (moment: typeof made) =>
      (await get(`compute-functions?asOf=${moment[key]}`)).functions.length;
    expect([await functions(empty), await functions(changed), await functions(gone)]).toEqual([
      0, 1, 0,
    ]);
    const url = `compute-functions/${fn.id}?asOf=`;
    expect((await get(`${url}${made[key]}`)).id).toBe(fn.id);
    expect((await get(`${url}${gone[key]}`)).status).toBe(404);
  }
  expect((await get(at)).status).toBe(404);
});

it('tells a trigger on a deleted function broken only from then on', async () => {
  await using w = await world();
  const fn = await w.server.createFunction();
  const { id } = await w.server.createTrigger({ functionId: fn.id });
  const whole = await w.mark();
  await w.server.ask('DELETE', `compute-functions/${fn.id}?force=true`);
  const broken = await w.mark();
  const then = (time: string) => w.get(`function-triggers/${id}?asOf=${time}`);
  expect(await then(whole.time)).not.toHaveProperty('broken');
  expect(await then(broken.time)).toHaveProperty('broken');
});

it('tells what became of all between two moments, member by member, and who did it', async () => {
  await using w = await world();
  const { server, get } = w;
  const stays = await server.createTrigger({ name: 'stays' });
  const goes = await server.createTrigger({ name: 'goes' });
  const touched = await server.createTrigger({ name: 'touched' });
  const { functionId } = goes;
  const from = await w.mark();
  await server.ask('PUT', `function-triggers/${stays.id}`, {
    payload: { name: 'stayed', triggerMetadata: { params: { a: 1 } } },
  });
  await server.ask('DELETE', `function-triggers/${goes.id}`);
  await server.ask('POST', `function-triggers/${touched.id}/stop`);
  await server.ask('POST', `function-triggers/${touched.id}/start`);
  const comes = await server.createTrigger({ name: 'comes', functionId });
  const to = await w.mark();
  await server.ask('DELETE', `function-triggers/${comes.id}`);
  await w.mark();

  const expected = [
    [stays.id, 'changed', ['TriggerRevised']],
    [goes.id, 'removed', ['TriggerRetired']],
    [touched.id, 'touched', ['TriggerPaused', 'TriggerResumed']],
    [comes.id, 'added', ['TriggerRegistered']],
  ].sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  for (const key of ['time', 'position'] as const) {
    const { differences } = await get(`registry/diff?from=${from[key]}&to=${to[key]}`);
    expect(
      differences.map((each: { id: string; became: string; changes: { type: string }[] }) => [
        each.id,
        each.became,
        each.changes.map(({ type }) => type),
      ]),
    ).toEqual(expected);
    const changed = differences.find(({ id }: { id: string }) => id === stays.id);
    expect(changed).toMatchObject({ entity: 'trigger', name: 'stayed', changes: [{ by: 'ann' }] });
    expect(changed.differences).toEqual([
      { path: '/name', before: 'stays', after: 'stayed' },
      { path: '/triggerMetadata/params', after: { a: 1 } },
    ]);
  }
  const whole = await get('registry/diff?limit=500');
  expect(whole.differences.map(({ id }: { id: string }) => id)).toEqual(
    expect.arrayContaining([stays.id, goes.id, comes.id]),
  );
  const untilNow = await get(`registry/diff?from=${to.position}&limit=1`);
  expect(untilNow).toMatchObject({
    differences: [{ id: comes.id, became: 'removed' }],
    next: null,
  });
});

it.each([
  ['function-triggers?asOf=tomorrow', 'asOf'],
  ['function-triggers?asOf=2099-01-01T00:00:00Z', 'asOf'],
  ['function-triggers?asOf=9999999999999999', 'asOf'],
  ['function-triggers?asOf=', 'asOf'],
  ['function-triggers/x?asOf=yesterday', 'asOf'],
  ['compute-functions?asOf=2026-03-01', 'asOf'],
  ['compute-functions/x?asOf=%00', 'asOf'],
  ['registry/diff?from=2099-01-01T00:00:00Z', 'from'],
  ['registry/diff?from=2026-01-01T00:00:00Z&to=2025-01-01T00:00:00Z', 'from'],
  ['registry/diff?from=0000000000000005&to=0000000000000001', 'from'],
  ['registry/diff?from=2026-01-01T00:00:00Z&until=x', 'until'],
])('a moment that makes no sense is 400: %s', async (path, field) => {
  await using server = await startServer();
  await server.createTrigger();
  const answer = await server.ask('GET', path);
  expect([answer.statusCode, answer.json().code]).toEqual([400, 'validation_failed']);
  expect(answer.body).toContain(`"field":"${field}"`);
});
