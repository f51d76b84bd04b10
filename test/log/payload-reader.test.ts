import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nameOf } from '../../src/domain/payload-name.ts';
import { partsOfPayload, readPayload } from '../../src/log/payload-reader.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { newStream, sample } from '../store/contract/sample.ts';
import { withCode } from '../store/contract/with-code.ts';

const stored = async (bytes: Buffer) => {
  const store = createMemoryStore();
  const payload = { fact: 0, salt: randomBytes(16), bytes };
  const { position } = await store.append(newStream(), 'no_stream', [
    { ...sample(), payloads: [payload] },
  ]);
  return { store, position: position!, name: nameOf(payload) };
};

const inParts = async (...asked: Parameters<typeof partsOfPayload>): Promise<Buffer[]> => {
  const parts: Buffer[] = [];
  for await (const part of partsOfPayload(...asked)) parts.push(part);
  return parts;
};

describe('a payload that is read', () => {
  it.each([0, 1, 262_144, 262_145, 1_000_000])('is whole, in parts too: %i bytes', async (size) => {
    const bytes = randomBytes(size);
    const { store, position, name } = await stored(bytes);
    const parts = await inParts(store, position, name);

    expect((await readPayload(store, position, name))?.equals(bytes)).toBe(true);
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(262_144);
  });

  it.each([
    [
      'other bytes',
      {
        size: 5,
        commitment: nameOf({ salt: randomBytes(16), bytes: Buffer.from('other') }).commitment,
      },
    ],
    ['another size', { size: 4 }],
  ])('is refused where the fact names %s', async (_, other) => {
    const { store, position, name } = await stored(Buffer.from('these'));
    const wrong = { ...name, ...other };

    await expect(readPayload(store, position, wrong)).rejects.toEqual(withCode('corrupt-store'));
    await expect(inParts(store, position, wrong)).rejects.toEqual(withCode('corrupt-store'));
  });

  it('is undefined once it was forgotten', async () => {
    const { store, position, name } = await stored(Buffer.from('these'));
    await store.forgetPayloads([position]);

    expect(await readPayload(store, position, name)).toBeUndefined();
    expect(await inParts(store, position, name)).toEqual([]);
  });
});
