import { describe, expect, it } from 'vitest';
import { TriplineError } from '../../src/domain/errors.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { startServer } from './server-under-test.ts';

const trigger = {
  name: 'mine',
  functionId: '11111111-aaaa-zzzz-2222-333344445555',
  executionType: 'webhook',
  triggerMetadata: { path: '/in' },
};
const keyed = (payload?: object) => ({
  ...(payload && { payload }),
  headers: { 'idempotency-key': 'b3c6ad51-4f0e-4e3c-9b0e-6b1d8b3f3a10' },
});

/** As if the process had died right before, or right after, the n-th append from now on. */
const dyingAt = (n: number, when: 'before' | 'after') => {
  let count = 0;
  return (store: EventStore): EventStore => ({
    ...store,
    append: async (...given) => {
      count += 1;
      if (when === 'after' && count === n) await store.append(...given);
      if (count >= n) throw new TriplineError('store-unavailable', 'as if the process had died');
      return await store.append(...given);
    },
  });
};

const moments = (['before', 'after'] as const).flatMap((when) =>
  [1, 2, 3, 4].map((n) => [when, n] as const),
);

/** A log in which a workspace exists, and what is to be done in it. */
const prepared = async (payload?: object) => {
  const log = readsFacts(createMemoryStore());
  await using server = await startServer({ log });
  if (payload === undefined) await server.ask('GET', 'function-triggers');
  const draft =
    payload && (await server.ask('POST', 'function-triggers/drafts', { payload })).json();
  return { log, draft };
};

const countOf = async (log: EventStore, type: string) =>
  (await log.readAll()).filter((event) => event.type === type).length;

describe('after a crash', () => {
  it.each(moments)(
    '%s append %i of creating, the same request finds or does it',
    async (when, n) => {
      const { log } = await prepared();
      {
        await using server = await startServer({ log, around: dyingAt(n, when) });
        await server.ask('POST', 'function-triggers', keyed(trigger));
      }
      await using server = await startServer({ log });
      const again = await server.ask('POST', 'function-triggers', keyed(trigger));
      expect(again.statusCode).toBe(201);
      const { id } = again.json();
      expect((await server.ask('POST', 'function-triggers', keyed(trigger))).json().id).toBe(id);
      const other = await server.ask('POST', 'function-triggers', keyed({ ...trigger, name: 'x' }));
      expect(other.statusCode).toBe(422);
      // The default trigger is the other one.
      expect(await countOf(log, 'TriggerRegistered')).toBe(2);
    },
  );

  it.each(moments)('%s append %i of publishing, publishing goes through', async (when, n) => {
    for (const more of [keyed(), {}]) {
      const { log, draft } = await prepared(trigger);
      const path = `function-triggers/${draft.id}/publish`;
      let first: number;
      {
        await using server = await startServer({ log, around: dyingAt(n, when) });
        first = (await server.ask('POST', path, more)).statusCode;
      }
      await using server = await startServer({ log });
      const done = (await countOf(log, 'DraftPublished')) === 1;
      const again = await server.ask('POST', path, more);
      // Without a key nobody can tell a repetition from a second attempt.
      expect([first, again.statusCode]).toContain('headers' in more || !done ? 201 : 404);
      expect(await countOf(log, 'TriggerRegistered')).toBe(2);
      expect(await countOf(log, 'DraftPublished')).toBe(1);
      expect((await server.ask('POST', path)).statusCode).toBe(404);
    }
  });

  it('keys are still known', async () => {
    const log = readsFacts(createMemoryStore());
    const ask = async () => {
      await using server = await startServer({ log });
      const fn = await server.ask(
        'POST',
        'compute-functions',
        keyed({ name: 'mine', type: 'http', url: 'https://example.org/in' }),
      );
      const created = (await server.ask('POST', 'function-triggers', keyed(trigger))).json();
      const { triggers } = (await server.ask('GET', 'function-triggers')).json();
      const job = await server.ask(
        'POST',
        `function-triggers/${triggers[0].id}/execute`,
        keyed({ a: 1 }),
      );
      return [fn.json().id, created, job.json()];
    };
    expect(await ask()).toEqual(await ask());
  });
});
