import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AnswerBody, keptBytes, readLimitBytes } from '../../../src/targets/http/answer-body.ts';

/** A body that comes in pieces of this many bytes. */
const bodyOf = (bytes: Buffer, piece = bytes.length): AnswerBody => {
  const body = new AnswerBody();
  for (let at = 0; at < bytes.length; at += piece) body.take(bytes.subarray(at, at + piece));
  return body;
};

/** Many bytes in short: comparing them one by one takes seconds. */
const short = (bytes: Buffer) => [bytes.length, createHash('sha256').update(bytes).digest('hex')];

const kept = (body: AnswerBody) => {
  const { encoding, content } = body.payload();
  return { encoding, bytes: short(Buffer.from(content, encoding)), truncated: body.truncated };
};

describe('the body of an answer', () => {
  it('is empty where nothing came', () => {
    const body = new AnswerBody();
    expect(body.payload()).toEqual({ encoding: 'utf8', content: '' });
    expect(body.truncated).toBe(false);
  });

  it.each([1, 7, 1_000])('is what came, in pieces of %i bytes', (piece) => {
    const bytes = Buffer.from('grüße '.repeat(300));
    expect(kept(bodyOf(bytes, piece))).toEqual({
      encoding: 'utf8',
      bytes: short(bytes),
      truncated: false,
    });
  });

  it.each([
    [keptBytes, keptBytes, false],
    [keptBytes, 1_000, false],
    [keptBytes + 1, keptBytes + 1, true],
    [keptBytes + 1, 1_000, true],
    [keptBytes + 5_000, 1_000, true],
  ])('of %i bytes in pieces of %i is kept up to the limit', (length, piece, truncated) => {
    const bytes = Buffer.alloc(length, 'x');
    expect(kept(bodyOf(bytes, piece))).toEqual({
      encoding: 'utf8',
      bytes: short(bytes.subarray(0, keptBytes)),
      truncated,
    });
  });

  it('is read up to its limit and no further', () => {
    const body = new AnswerBody();
    expect(body.take(Buffer.alloc(readLimitBytes - 1))).toBe(true);
    expect(body.take(Buffer.alloc(1))).toBe(false);
  });

  it.each(['é', '€', '😀'])('that is cut within %s ends before it, and stays text', (character) => {
    const size = Buffer.byteLength(character);
    for (let cut = 1; cut < size; cut += 1) {
      const start = keptBytes - cut;
      const text = 'x'.repeat(start) + character;
      expect(kept(bodyOf(Buffer.from(text)))).toEqual({
        encoding: 'utf8',
        bytes: short(Buffer.alloc(start, 'x')),
        truncated: true,
      });
    }
  });

  it('that is no text stays as it is, also where it was cut', () => {
    const bytes = Buffer.alloc(keptBytes + 5, 0xff);
    expect(kept(bodyOf(bytes))).toEqual({
      encoding: 'base64',
      bytes: short(bytes.subarray(0, keptBytes)),
      truncated: true,
    });
    const broken = Buffer.from('é').subarray(0, 1);
    expect(kept(bodyOf(broken))).toEqual({
      encoding: 'base64',
      bytes: short(broken),
      truncated: false,
    });
  });
});
