import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { DataOf, Recorded } from '../../src/domain/events.ts';
import { nameOf } from '../../src/domain/payload-name.ts';
import { isSameBody } from '../../src/intake/same-body.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { arrived } from '../domain/examples.ts';
import { newStream, sample } from '../store/contract/sample.ts';

type Data = DataOf<'EventArrived'>;

const body = Buffer.from('{"n":1}');
const other = Buffer.from('{"n":2}');

const record = async (more: (salt: Buffer) => Partial<Data>) => {
  const store = createMemoryStore();
  const salt = randomBytes(16);
  const payload = { fact: 0, salt, bytes: body };
  const { position } = await store.append(newStream(), 'no_stream', [
    { ...sample(), payloads: [payload] },
  ]);
  const data = { ...arrived.data, body: nameOf(payload), ...more(salt) };
  return { store, arrival: { position, data } as Recorded<'EventArrived'> };
};

describe('whether a repetition has the same body', () => {
  it.each<[string, (salt: Buffer) => Partial<Data>]>([
    ['by what the fact names', () => ({})],
    ['by the body in the fact', () => ({ body: { encoding: 'utf8', content: String(body) } })],
    [
      'by the hash of earlier releases',
      () => ({
        bodySha256: createHash('sha256').update(body).digest('hex'),
      }),
    ],
  ])('is told %s', async (_, more) => {
    const { store, arrival } = await record(more);
    expect(await isSameBody(store, arrival, [body])).toBe(true);
    expect(await isSameBody(store, arrival, [other])).toBe(false);
    expect(await isSameBody(store, arrival, [Buffer.alloc(0)])).toBe(false);
  });

  it('goes by what was sent, where something else is kept', async () => {
    const { store, arrival } = await record((salt) => ({ sent: nameOf({ salt, bytes: other }) }));
    expect(await isSameBody(store, arrival, [other])).toBe(true);
    expect(await isSameBody(store, arrival, [body])).toBe(false);
  });

  it('is not known once the body was forgotten, and then believed', async () => {
    const { store, arrival } = await record(() => ({}));
    await store.forgetPayloads([arrival.position]);
    expect(await isSameBody(store, arrival, [other])).toBe(true);
  });
});
