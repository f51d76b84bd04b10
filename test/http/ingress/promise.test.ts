import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { laneStream, membersStream } from '../../../src/domain/ids.ts';
import type { EventStore, NewEvent } from '../../../src/store/event-store.ts';
import { type ServerUnderTest, startServer } from '../server-under-test.ts';

const webhook = (path: string, more: object = {}) => ({
  executionType: 'webhook',
  triggerMetadata: { path, ...more },
});

const asAnothers = (event: NewEvent): NewEvent => ({ ...event, id: randomUUID() });

/** Arrivals are stored when the test says so; whoever sent one waits meanwhile. */
const heldArrivals = () => {
  const waiting: (() => void)[] = [];
  let held = true;
  let isAsked: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  return {
    around: (store: EventStore): EventStore => ({
      ...store,
      // Where others write too and the owner's own signs do not come back to it, nothing is decided
      // before it is recorded, and no change waits for it.
      exclusive: false,
      append: async (stream, expected, events) => {
        if (stream === laneStream(0) || stream === membersStream)
          return store.append(stream, expected, events.map(asAnothers));
        if (held && stream.startsWith('arrival-')) {
          await new Promise<void>((resolve) => {
            waiting.push(resolve);
            isAsked();
          });
        }
        return store.append(stream, expected, events);
      },
    }),
    asked,
    release(): void {
      held = false;
      for (const go of waiting) go();
    },
  };
};

/** A request whose head is with the server while its body is still to come. */
const headSent = async ({ http }: ServerUnderTest, path: string, length: number) => {
  await http.listen({ host: '127.0.0.1', port: 0 });
  const { port } = http.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  const seen = once(http.server, 'request');
  socket.write(
    `POST /workspace/acme/api/v1/webhook/${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n` +
      `content-type: text/plain\r\ncontent-length: ${length}\r\n\r\n`,
  );
  await seen;
  return {
    async finish(body: string): Promise<number> {
      socket.end(body);
      const answer = await text(socket);
      return Number(answer.slice(9, 12));
    },
  };
};

const arrivalsIn = async (server: ServerUnderTest) =>
  (await server.events()).filter(({ type }) => type === 'EventArrived');

const outcomesOf = async (server: ServerUnderTest, eventId: string) =>
  (await server.ask('GET', `events/${eventId}`)).json().outcomes;

describe('between the head of a delivery and its body', () => {
  it('a path that nobody has any more takes nothing', async () => {
    await using server = await startServer();
    const { id } = await server.createTrigger(webhook('/in'));
    const delivery = await headSent(server, 'in', 4);
    await server.ask('PUT', `function-triggers/${id}`, {
      payload: { triggerMetadata: { path: '/elsewhere' } },
    });
    expect(await delivery.finish('body')).toBe(404);
    expect(await arrivalsIn(server)).toEqual([]);
  });

  it('a path that a signed trigger took over asks for its signature', async () => {
    await using server = await startServer();
    const { id: functionId } = await server.createFunction();
    const { id } = await server.createTrigger({ ...webhook('/in'), functionId });
    const delivery = await headSent(server, 'in', 4);
    await server.ask('DELETE', `function-triggers/${id}`);
    await server.createTrigger({ ...webhook('/in', { hmac: { secret: 's' } }), functionId });
    expect(await delivery.finish('body')).toBe(401);
    expect(server.calls).toEqual([]);
  });

  it('a path that is there by then takes it', async () => {
    await using server = await startServer();
    const delivery = await headSent(server, 'in', 4);
    await server.createTrigger(webhook('/in'));
    expect(await delivery.finish('body')).toBe(202);
  });
});

describe('a delivery that is being recorded', () => {
  const under = async () => {
    const held = heldArrivals();
    const server = await startServer({ around: held.around });
    const { id: functionId } = await server.createFunction();
    const { id } = await server.createTrigger({ ...webhook('/in'), functionId });
    const answering = server.deliver('in', { payload: '{}' });
    await held.asked;
    const accepted = async (): Promise<string> => {
      held.release();
      const answer = await answering;
      expect(answer.statusCode).toBe(202);
      return answer.json().event_id;
    };
    return { server, id, functionId, accepted };
  };

  it('reaches the trigger that took it, whatever path that has by then', async () => {
    const { server, id, accepted } = await under();
    await using _ = server;
    const moved = await server.ask('PUT', `function-triggers/${id}`, {
      payload: { triggerMetadata: { path: '/elsewhere' } },
    });
    expect(moved.statusCode).toBe(200);
    const [outcome] = await outcomesOf(server, await accepted());
    expect(outcome).toMatchObject({ triggerId: id, status: 'succeeded' });
  });

  it('does not reach whoever took the path over', async () => {
    const { server, id, functionId, accepted } = await under();
    await using _ = server;
    await server.ask('PUT', `function-triggers/${id}`, {
      payload: { triggerMetadata: { path: '/elsewhere' } },
    });
    await server.createTrigger({ ...webhook('/in', { hmac: { secret: 's' } }), functionId });
    const outcomes = await outcomesOf(server, await accepted());
    expect(outcomes.map(({ triggerId }: { triggerId: string }) => triggerId)).toEqual([id]);
  });

  it('is on record as not run where its trigger is deleted meanwhile', async () => {
    const { server, id, accepted } = await under();
    await using _ = server;
    await server.ask('DELETE', `function-triggers/${id}`);
    expect(await outcomesOf(server, await accepted())).toEqual([
      expect.objectContaining({
        triggerId: id,
        invocationId: null,
        outcome: 'not matched: trigger deleted',
      }),
    ]);
    expect(server.calls).toEqual([]);
    expect(server.engine.backlog.sizeOf(id)).toBe(0);
  });

  it('waits where its trigger is stopped meanwhile, and runs when it is started', async () => {
    const { server, id, accepted } = await under();
    await using _ = server;
    await server.ask('POST', `function-triggers/${id}/stop`);
    const eventId = await accepted();
    expect(await outcomesOf(server, eventId)).toMatchObject([{ status: 'queued' }]);
    await server.ask('POST', `function-triggers/${id}/start`);
    await server.ask('GET', 'invocations');
    expect(await outcomesOf(server, eventId)).toMatchObject([{ triggerId: id }]);
    expect(server.calls).toHaveLength(1);
  });
});

describe('an execution that is being recorded', () => {
  it('is refused as far as it can be where its trigger is deleted meanwhile, and stays on record', async () => {
    const held = heldArrivals();
    await using server = await startServer({ around: held.around });
    const { id } = await server.createTrigger();
    const answering = server.ask('POST', `function-triggers/${id}/execute`, { payload: {} });
    await held.asked;
    await server.ask('DELETE', `function-triggers/${id}`);
    held.release();
    expect((await answering).statusCode).toBe(409);
    const [event] = (await server.ask('GET', 'events')).json().events;
    expect(event.outcomes).toMatchObject([{ triggerId: id, reason: 'trigger deleted' }]);
  });
});
