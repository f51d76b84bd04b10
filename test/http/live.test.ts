import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemChance } from '../../src/domain/chance.ts';
import { type Clock, systemClock } from '../../src/domain/clock.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { mostReaders } from '../../src/operations/live/live.ts';
import { followLive } from './live-client.ts';
import { hang, type ServerUnderTest, startServer, tokenOf } from './server-under-test.ts';

const trigger = async (server: ServerUnderTest) => {
  const { id: functionId } = await server.createFunction();
  const { id } = await server.createTrigger({ functionId });
  const execute = async (): Promise<string> =>
    (await server.ask('POST', `function-triggers/${id}/execute`)).json();
  return { id, functionId, execute };
};

/** Waiting takes a thirtieth of its time. */
const hasty: Clock = {
  ...systemClock,
  elapsed: () => systemClock.elapsed() * 30,
  after: (delayMs, task) => systemClock.after(delayMs / 30, task),
};

const audited = async (server: ServerUnderTest, query = '') =>
  (await server.ask('GET', `audit?order=asc&limit=500${query}`)).json().events;

describe('following a workspace live', () => {
  it('shows what is recorded from then on, as the audit does', async () => {
    await using server = await startServer();
    const { execute } = await trigger(server);
    const last = (await audited(server)).at(-1).position;
    using reader = await followLive(server);
    expect(reader.answer.statusCode).toBe(200);
    expect(reader.answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    await execute();
    const expected = (await audited(server)).filter(
      ({ position }: { position: string }) => position > last,
    );
    await expect.poll(() => reader.facts().map(({ data }) => data)).toEqual(expected);
    expect(reader.facts().map(({ id }) => id)).toEqual(
      expected.map(({ position }: { position: string }) => position),
    );
    expect(reader.text()).toMatch(/^retry: 2000\n\n/);
  });

  it('goes on behind any fact, also within a record, without gap or repetition', async () => {
    await using server = await startServer();
    const { execute } = await trigger(server);
    await execute();
    const all = (await audited(server)).map(({ position }: { position: string }) => position);
    expect(all.some((position: string) => position.includes('.'))).toBe(true);
    for (const [index, after] of ['0', ...all].entries()) {
      using reader =
        index % 2 === 0
          ? await followLive(server, `?after=${after}`)
          : await followLive(server, '?after=0', { 'last-event-id': after });
      await expect.poll(() => reader.facts().map(({ id }) => id)).toEqual(all.slice(index));
    }
  });

  it('joins what was and what comes while much happens, for readers that come and go', async () => {
    await using server = await startServer();
    const { execute } = await trigger(server);
    const seen: string[] = [];
    let isOver = false;
    const readOn = async () => {
      while (!isOver) {
        using reader = await followLive(server, `?after=${seen.at(-1) ?? '0'}`);
        const enough = 1 + (seen.length % 40);
        await expect.poll(() => isOver || reader.facts().length >= enough).toBe(true);
        for (const { id } of reader.facts()) seen.push(id ?? '');
      }
    };
    const reading = readOn();
    for (let round = 0; round < 12; round += 1)
      await Promise.all(Array.from({ length: 20 }, () => execute()));
    isOver = true;
    await reading;
    using rest = await followLive(server, `?after=${seen.at(-1) ?? '0'}`);
    const all: string[] = [];
    let after = '';
    do {
      const page = (
        await server.ask('GET', `audit?order=asc&limit=500${after && `&after=${after}`}`)
      ).json();
      all.push(...page.events.map(({ position }: { position: string }) => position));
      after = page.next ?? '';
    } while (after !== '');
    await expect.poll(() => [...seen, ...rest.facts().map(({ id }) => id)].length).toBe(all.length);
    expect([...seen, ...rest.facts().map(({ id }) => id)]).toEqual(all);
  });

  it('shows nothing of other workspaces, and asks for the right of the audit', async () => {
    await using server = await startServer();
    const other = await tokenOf({ workspace: 'other' });
    const payload = { name: 'theirs', type: 'http', url: 'https://example.org/' };
    using reader = await followLive(server, '?after=0');
    const made = await server.http.inject({
      method: 'POST',
      url: '/workspace/other/api/v1/compute-functions',
      headers: { authorization: `Bearer ${other}` },
      payload,
    });
    expect(made.statusCode).toBe(201);
    await server.createFunction({ name: 'ours' });
    await expect.poll(() => reader.text()).toContain('ours');
    expect(reader.text()).not.toContain('theirs');
    using stranger = await followLive(server, '', { authorization: `Bearer ${other}` });
    expect(stranger.answer.statusCode).toBe(403);
    const permissions = { events: ['write'] };
    const weak = `Bearer ${await tokenOf({ permissions })}`;
    using weakling = await followLive(server, '', { authorization: weak });
    expect(weakling.answer.statusCode).toBe(403);
  });

  it('shows secrets as sealed as the audit does', async () => {
    await using server = await startServer();
    using reader = await followLive(server);
    const { signingSecret } = await server.createFunction();
    expect(signingSecret).toMatch(/^whsec_/);
    await expect.poll(() => reader.facts().length).toBeGreaterThan(1);
    expect(reader.text()).toContain('"encrypted":true');
    expect(reader.text()).not.toContain(signingSecret.slice(6));
  });

  it('picks by type, trigger, function and correlation, in what was and what comes', async () => {
    await using server = await startServer();
    const one = await trigger(server);
    const two = await trigger(server);
    await one.execute();
    await two.execute();
    const created = await audited(server, `&entity=trigger-${one.id}`);
    const ofOne = [
      ...['NameClaimed', 'TriggerRegistered'],
      ...['EventArrived', 'InvocationQueued', 'InvocationStarted', 'InvocationSucceeded'],
      ...['EventArrived', 'InvocationQueued', 'InvocationStarted', 'InvocationSucceeded'],
    ];
    using byTrigger = await followLive(server, `?after=0&trigger=${one.id}`);
    using byFunction = await followLive(server, `?after=0&function=${one.functionId}`);
    using byBoth = await followLive(
      server,
      `?after=0&function=${one.functionId}&trigger=${two.id}`,
    );
    const types = 'TriggerRegistered,InvocationSucceeded';
    using byType = await followLive(server, `?after=0&type=${types}`);
    const { correlationId } = created[0];
    using byCorrelation = await followLive(server, `?after=0&correlationId=${correlationId}`);
    await two.execute();
    await one.execute();
    const typesOf = (reader: typeof byType) => reader.facts().map(({ data }) => data.type);
    await expect.poll(() => typesOf(byTrigger).toSorted()).toEqual(ofOne.toSorted());
    await expect
      .poll(() => typesOf(byFunction).toSorted())
      .toEqual(
        [
          ...['NameClaimed', 'FunctionRegistered', 'TriggerRegistered'],
          ...['InvocationQueued', 'InvocationStarted', 'InvocationSucceeded'],
          ...['InvocationQueued', 'InvocationStarted', 'InvocationSucceeded'],
        ].toSorted(),
      );
    await expect
      .poll(() => typesOf(byType).filter((type) => type === 'InvocationSucceeded').length)
      .toBe(4);
    expect(new Set(typesOf(byType))).toEqual(new Set(types.split(',')));
    await expect.poll(() => byBoth.messages().length).toBeGreaterThan(1);
    expect(byBoth.facts()).toEqual([]);
    await expect.poll(() => byCorrelation.facts().length).toBeGreaterThan(0);
    expect(byCorrelation.facts().every(({ data }) => data.correlationId === correlationId)).toBe(
      true,
    );
  });

  it.each([
    ['a place of nowhere', '?after=elsewhere', {}],
    ['a place too long', `?after=${'1'.repeat(65)}`, {}],
    ['a place that is still to come', '?after=9999999999999999', {}],
    ['an id of nowhere', '', { 'last-event-id': "0' OR 1=1" }],
    ['a filter that there is none of', '?actor=ann', {}],
    ['a filter twice', '?trigger=a&trigger=b', {}],
    ['an empty one', '?trigger=', {}],
  ])('refuses %s', async (_, query, headers) => {
    await using server = await startServer();
    using reader = await followLive(server, query, headers);
    expect(reader.answer.statusCode).toBe(400);
    await expect.poll(() => reader.ended()).toBe(true);
  });

  it('answers HEAD with the head alone', async () => {
    await using server = await startServer();
    const answer = await server.ask('HEAD', 'live');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^text\/event-stream/);
    expect(answer.body).toBe('');
  });

  it('takes so many readers of a workspace, and again as many once they are gone', async () => {
    await using server = await startServer();
    const readers = [await followLive(server)];
    while (readers.length < mostReaders.ofOne) readers.push(await followLive(server));
    using surplus = await followLive(server);
    expect(surplus.answer.statusCode).toBe(429);
    expect(surplus.answer.headers['retry-after']).toBe('30');
    for (const reader of readers) reader.leave();
    await expect
      .poll(async () => {
        using next = await followLive(server);
        return next.answer.statusCode;
      })
      .toBe(200);
  });

  it('keeps no place for those who left before they were answered', async () => {
    await using server = await startServer();
    await server.http.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.http.server.address() as AddressInfo;
    const head = `GET /workspace/acme/api/v1/live?after=0 HTTP/1.1\r\nHost: a\r\n`;
    const asked = `${head}Authorization: Bearer ${await tokenOf()}\r\n\r\n`;
    for (let round = 0; round < 3 * mostReaders.ofOne; round += 1) {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      await new Promise((resolve) => socket.write(asked, resolve));
      if (round % 3 === 1) await new Promise(setImmediate);
      if (round % 3 === 2) await once(socket, 'data');
      socket.resetAndDestroy();
    }
    await expect
      .poll(async () => {
        const readers = [];
        while (readers.length < mostReaders.ofOne) readers.push(await followLive(server));
        for (const reader of readers) reader.leave();
        return readers.every(({ answer }) => answer.statusCode === 200);
      })
      .toBe(true);
  });

  it('ends with a reason when the server stops', async () => {
    const server = await startServer();
    const reader = await followLive(server);
    await server[Symbol.asyncDispose]();
    await expect.poll(() => reader.ended()).toBe(true);
    expect(reader.messages().at(-1)).toMatchObject({
      id: undefined,
      event: 'cut',
      data: { reason: 'shutting_down' },
    });
  });

  it('goes on beside a call that hangs, and sees it cancelled', async () => {
    await using server = await startServer({ call: hang });
    const { execute } = await trigger(server);
    using reader = await followLive(server, '?type=InvocationCancelled');
    const jobId = await execute();
    await server.ask('POST', `invocations/${jobId}/cancel`);
    await expect.poll(() => reader.facts().length).toBe(1);
  });

  it('says now and then how far it has come, and that only', async () => {
    await using server = await startServer({ clock: hasty });
    using reader = await followLive(server, '?type=Nothing');
    await server.createFunction();
    const { position } = (await audited(server)).at(-1);
    await expect
      .poll(() => reader.messages().at(-1), { timeout: 5_000 })
      .toMatchObject({
        id: position,
        data: undefined,
      });
    expect(reader.facts()).toEqual([]);
  });

  it('ends when the key that it was asked with is revoked', async () => {
    await using server = await startServer({ clock: hasty });
    const payload = { name: 'a screen', scopes: ['audit:read'] };
    const { id, key } = (await server.ask('POST', 'api-keys', { payload })).json();
    using reader = await followLive(server, '', { authorization: `Bearer ${key}` });
    expect(reader.answer.statusCode).toBe(200);
    expect((await server.ask('DELETE', `api-keys/${id}`)).statusCode).toBe(200);
    await expect.poll(() => reader.ended(), { timeout: 5_000 }).toBe(true);
    expect(reader.messages().at(-1)).toMatchObject({
      event: 'cut',
      data: { reason: 'unauthorized' },
    });
  });

  it('cuts a reader that reads nothing, and keeps nobody else waiting for it', async () => {
    await using server = await startServer({ clock: hasty });
    using slow = await followLive(server);
    slow.answer.pause();
    using other = await followLive(server, '?type=DraftSaved');
    await server.createFunction();
    const { metadata } = (await server.events()).at(-1) as StoredEvent;
    const description = 'x'.repeat(500_000);
    for (let n = 0; n < 20; n += 1) {
      const draftId = `draft-${systemChance.newId()}`;
      const data = { draftId, content: { description } };
      const draft = { id: systemChance.newId(), type: 'DraftSaved', data, metadata };
      await server.store.append(draftId, 'no_stream', [draft]);
      await expect.poll(() => other.facts().length).toBe(n + 1);
    }
    await expect
      .poll(() => server.logged.map(({ message }) => message))
      .toContain('slow live reader cut');
    slow.answer.resume();
    await expect.poll(() => slow.ended()).toBe(true);
    expect(slow.facts().length).toBeLessThan(20);
    await server.createFunction();
    const wanted = (await audited(server)).length - 2;
    const taken = slow.facts().map(({ id }) => id);
    while (taken.length < wanted) {
      // Its clock is fast: where the machine is busy, this one may be cut, too.
      using again = await followLive(server, '', { 'last-event-id': taken.at(-1) ?? '0' });
      const enough = () => again.ended() || taken.length + again.facts().length >= wanted;
      await expect.poll(enough, { timeout: 10_000 }).toBe(true);
      taken.push(...again.facts().map(({ id }) => id));
    }
    expect(new Set(taken).size).toBe(wanted);
    expect(taken).toHaveLength(wanted);
  }, 60_000);
});
