import { describe, expect, it } from 'vitest';
import { isJsonPointer, pointedAt } from '../../src/domain/json-pointer.ts';

/** The document and the answers of RFC 6901 §5. */
const document = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
};

describe('a JSON pointer', () => {
  it.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('%j points at what the RFC says', (pointer, value) => {
    expect(isJsonPointer(pointer)).toBe(true);
    expect(pointedAt(document, pointer)).toEqual(value);
  });

  it('unescapes in the order of the RFC: ~01 is ~1, not a slash', () => {
    expect(pointedAt({ '~1': 'tilde', '/': 'slash' }, '/~01')).toBe('tilde');
  });

  it.each(['/foo/2', '/foo/-', '/foo/00', '/foo/01', '/foo/1e0', '/foo/ 1', '/foo/length'])(
    '%j is no element of a list',
    (pointer) => {
      expect(pointedAt(document, pointer)).toBeUndefined();
    },
  );

  it.each(['/foo/0/0', '/foo/0/length', '/none/x', '/empty/x', '/number/toFixed', '/toString'])(
    '%j points at nothing within a text, a number, null, or what every object has',
    (pointer) => {
      expect(pointedAt({ ...document, empty: null, number: 1 }, pointer)).toBeUndefined();
    },
  );

  it.each(['foo', 'foo/bar', '/a~', '/a~2', '/~~0', ' /a'])('cannot be %j', (text) => {
    expect(isJsonPointer(text)).toBe(false);
  });
});
