import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const functionId = '11111111-aaaa-zzzz-2222-333344445555';
const valid = { name: 'mine', functionId, executionType: 'on-demand' };

interface Noted {
  readonly code: string;
  readonly suppressed: number;
}

const notesOf = async (server: ServerUnderTest) =>
  (await server.events()).filter(({ type }) => type === 'RequestRefused');

/** Nobody waits for notes, so the test does. */
const noted = async (server: ServerUnderTest, count: number) => {
  for (;;) {
    const notes = await notesOf(server);
    if (notes.length >= count) return notes;
    await new Promise(setImmediate);
  }
};

describe('a refused change', () => {
  it('is noted with who, what and why, and leaves nothing else', async () => {
    await using server = await startServer();
    const { id } = await server.createTrigger({ name: 'mine' });
    const other = await server.createTrigger();
    const before = (await server.events()).length;
    await server.ask('POST', 'function-triggers', { payload: valid });
    await server.ask('PUT', `function-triggers/${other.id}`, {
      payload: { name: 'new' },
      headers: { 'if-match': '"9"' },
    });
    const { triggers } = (await server.ask('GET', 'function-triggers')).json();
    await server.ask('DELETE', `function-triggers/${triggers[0].id}`);
    const token = await tokenOf({ sub: 'eve', permissions: { 'function-triggers': ['read'] } });
    await server.ask('DELETE', `function-triggers/${id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const notes = await noted(server, 4);
    expect((await server.events()).length).toBe(before + 4);
    const route = '/workspace/:slug/api/v1/function-triggers';
    const common = { suppressed: 0 };
    expect(notes.map(({ data }) => data)).toEqual([
      { ...common, method: 'POST', route, target: null, code: 'name-taken' },
      {
        ...common,
        method: 'PUT',
        route: `${route}/:id`,
        target: other.id,
        code: 'precondition-failed',
      },
      {
        ...common,
        method: 'DELETE',
        route: `${route}/:id`,
        target: triggers[0].id,
        code: 'forbidden',
      },
      { ...common, method: 'DELETE', route: `${route}/:id`, target: id, code: 'forbidden' },
    ]);
    expect(notes.map(({ metadata }) => metadata.actor)).toEqual([
      'user:ann',
      'user:ann',
      'user:ann',
      'user:eve',
    ]);
  });

  it('is not noted where it is malformed, unauthenticated, a read, or elsewhere', async () => {
    await using server = await startServer();
    await server.ask('POST', 'function-triggers', { payload: { nonsense: 1 } });
    const nobody = { headers: { authorization: 'Bearer nobody' } };
    await server.ask('POST', 'function-triggers', { payload: valid, ...nobody });
    const reader = { headers: { authorization: `Bearer ${await tokenOf({ permissions: {} })}` } };
    await server.ask('GET', 'function-triggers', reader);
    const url = '/workspace/nowhere/api/v1/function-triggers';
    const elsewhere = await server.ask('POST', url, { payload: valid });
    expect(elsewhere.statusCode).toBe(403);
    await server.createTrigger({ name: 'mine' });
    await server.ask('POST', 'function-triggers', { payload: valid });
    const codes = (await noted(server, 1)).map(({ data }) => (data as Noted).code);
    expect(codes).toEqual(['name-taken']);
  });

  it('is counted where there are too many, and the count is told later', async () => {
    let now = Date.now();
    await using server = await startServer({ clock: { ...systemClock, now: () => now } });
    await server.createTrigger({ name: 'mine' });
    const refuse = () => server.ask('POST', 'function-triggers', { payload: valid });
    for (let n = 0; n < 33; n += 1) await refuse();
    expect(await noted(server, 20)).toHaveLength(20);
    now += 5_000;
    await refuse();
    const last = (await noted(server, 21)).at(-1)?.data as Noted;
    expect(last.suppressed).toBe(13);
  });
});
