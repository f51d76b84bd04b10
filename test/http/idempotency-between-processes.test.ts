import { expect, it } from 'vitest';
import type { EventStore } from '../../src/store/event-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { type ServerUnderTest, startServer } from './server-under-test.ts';

const functionId = '11111111-aaaa-zzzz-2222-333344445555';

const signal = () => {
  let raise = () => {};
  const raised = new Promise<void>((resolve) => {
    raise = resolve;
  });
  return { raise, raised };
};

/** Holds back what a request wants to record, until it is told to let go. */
const heldBack = () => {
  const [held, open] = [signal(), signal()];
  const around = (inner: EventStore): EventStore => ({
    ...inner,
    append: async (stream, expected, events) => {
      if (events.some(({ metadata }) => metadata.actor === 'user:ann')) {
        held.raise();
        await open.raised;
      }
      return await inner.append(stream, expected, events);
    },
  });
  return { around, held: held.raised, letGo: open.raise };
};

const send = (server: ServerUnderTest, path: string, payload: object) =>
  server.ask('POST', path, { payload, headers: { 'idempotency-key': 'the-same' } });

it.each([
  ['function-triggers', { name: 'a', functionId, executionType: 'on-demand' }, { name: 'b' }],
  ['function-triggers/drafts', { name: 'a' }, { name: 'b' }],
  ['compute-functions', { name: 'a', type: 'http', url: 'https://example.org/' }, { name: 'b' }],
  ['api-keys', { name: 'a', scopes: ['events:write'] }, { name: 'b' }],
  ['events', { event_type: 'a', data: 1 }, { data: 2 }],
  ['messages', { topic: 'a', content: 1 }, { content: 2 }],
])(
  'of two processes that get one key with two bodies, the later refuses: %s',
  async (path, payload, difference) => {
    const log: EventStore = { ...createMemoryStore(), exclusive: false };
    const { around, held, letGo } = heldBack();
    await using first = await startServer({ log });
    await using second = await startServer({ log, around });
    const late = send(second, path, { ...payload, ...difference });
    await held;
    const early = await send(first, path, payload);
    letGo();
    expect([201, 202]).toContain(early.statusCode);
    expect((await late).json()).toMatchObject({ status: 422, code: 'idempotency_mismatch' });
  },
);
