import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { payloadOf } from '../../src/domain/payload-of.ts';
import { withPayload } from '../../src/http/payload-json.ts';

const inParts = (bytes: Buffer, length: number) =>
  async function* () {
    for (let at = 0; at === 0 || at < bytes.length; at += length) {
      yield bytes.subarray(at, at + length);
    }
  };

const shown = async (bytes: Buffer, length: number): Promise<unknown> =>
  JSON.parse(await text(await withPayload({ id: 1 }, 'body', inParts(bytes, length))));

describe('a document with a payload', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('a "quoted" täxt 😀\n\u0000')],
    ['a byte order mark', Buffer.from('\uFEFF{}')],
    ['bytes', randomBytes(1_000)],
    ['text with an end that is none', Buffer.from([0x61, 0xe2, 0x82])],
  ])('says what a whole one would say, however it is cut: %s', async (_, bytes) => {
    for (const length of [1, 2, 3, 7, 400, 5_000]) {
      expect(await shown(bytes, length)).toEqual({ id: 1, body: payloadOf(bytes) });
    }
  });

  it('holds for any bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array().map((array) => Buffer.from(array)),
      fc.string({ unit: 'binary' }).map((string) => Buffer.from(string)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 9 }), async (given, length) => {
        expect(await shown(given, length)).toEqual({ id: 1, body: payloadOf(given) });
      }),
    );
  });

  it('has null where there is no payload', async () => {
    const none = async function* (): AsyncGenerator<Buffer> {};
    expect(await text(await withPayload({ id: 1 }, 'body', none))).toBe('{"id":1,"body":null}');
  });

  it('is not begun where the bytes are not the right ones', async () => {
    const damaged = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('abc');
      throw new Error('not these');
    };
    await expect(withPayload({}, 'body', damaged)).rejects.toThrow('not these');
  });

  it('is read no further than its reader has come', async () => {
    let given = 0;
    const endless = async function* (): AsyncGenerator<Buffer> {
      for (; given < 200; given += 1) yield Buffer.alloc(1_000, 'a');
    };
    const document = await withPayload({}, 'body', endless);
    given = 0;
    const reader = document[Symbol.asyncIterator]();
    for (let n = 0; n < 10; n += 1) await reader.next();
    expect(given).toBeLessThan(20);
    document.destroy();
  });
});
