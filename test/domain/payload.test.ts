import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endOfString,
  isTooDeep,
  jsonOf,
  maxBodyDepth,
  textOf,
} from '../../src/domain/json-body.ts';
import { bytesOf } from '../../src/domain/payload.ts';
import { payloadOf } from '../../src/domain/payload-of.ts';

describe('a payload', () => {
  it('gives back the very bytes it was made of', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        expect(new Uint8Array(bytesOf(payloadOf(given)))).toEqual(new Uint8Array(given));
      }),
    );
  });

  it('is text where it is text, a byte order mark and all', () => {
    expect(payloadOf(Buffer.from('\ufeffgrüße'))).toEqual({
      encoding: 'utf8',
      content: '\ufeffgrüße',
    });
    expect(payloadOf(Buffer.from([0xff]))).toEqual({ encoding: 'base64', content: '/w==' });
  });

  it('reads as text also where it is none', () => {
    expect(textOf(payloadOf(Buffer.from([0x61, 0xff])))).toBe('a\ufffd');
    expect(textOf(payloadOf(Buffer.from('aGk=')))).toBe('aGk=');
  });

  it('is JSON where its bytes are, and else a JSON string', () => {
    expect(jsonOf(payloadOf(Buffer.from('{"a":1.10}')))).toBe('{"a":1.10}');
    expect(jsonOf(payloadOf(Buffer.from('hello')))).toBe('"hello"');
    expect(jsonOf(payloadOf(Buffer.from([0x31, 0xff])))).toBe('"1\ufffd"');
  });
});

it('a string without an end ends with the text', () => {
  expect(endOfString('"abc', 0)).toBe(4);
  expect(endOfString('"abc"d', 0)).toBe(4);
});

it('a body is too deep where it is JSON but for its depth, and only there', () => {
  const nested = (depth: number, inside = '') => '['.repeat(depth) + inside + ']'.repeat(depth);
  const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const tooDeep = (text: string) => isTooDeep(Buffer.from(text));
  expect([nested(maxBodyDepth, '1'), objects(maxBodyDepth)].map(tooDeep)).toEqual([false, false]);
  expect([nested(maxBodyDepth + 1, '1'), objects(maxBodyDepth + 1)].map(tooDeep)).toEqual([
    true,
    true,
  ]);
  expect(tooDeep(JSON.stringify('['.repeat(100)))).toBe(false);
  expect(tooDeep(`[${'[],'.repeat(100)}{}]`)).toBe(false);
});
