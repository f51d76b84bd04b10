import { describe, expect, it } from 'vitest';
import { orderingKeyOf } from '../../src/triggers/ordering-key.ts';
import { arrived } from '../domain/examples.ts';

const keyOf = (
  orderingKey: { header: string } | { pointer: string } | undefined,
  content: string,
) =>
  orderingKeyOf(
    { orderingKey },
    {
      request: { method: 'POST', path: '/', query: {}, headers: { 'x-tenant': 'a' }, remote: '' },
      body: { ...arrived.data.body, content },
    },
  );

describe('the ordering key', () => {
  it.each([
    [{ pointer: '/user/id' }, '{"user":{"id":7}}', '7'],
    [{ pointer: '/a~1b/~0' }, '{"a/b":{"~":"x"}}', 'x'],
    [{ pointer: '/list/1' }, '{"list":["x","y"]}', 'y'],
    [{ pointer: '/list/01' }, '{"list":["x","y"]}', null],
    [{ pointer: '' }, '"whole"', 'whole'],
    [{ pointer: '/on' }, '{"on":false}', 'false'],
    [{ pointer: '/toString' }, '{}', null],
    [{ pointer: '/a' }, '{"a":{}}', null],
    [{ pointer: '/a' }, 'no json', null],
    [{ header: 'X-Tenant' }, '', 'a'],
    [{ header: 'x-other' }, '', null],
    [undefined, '{}', null],
  ])('that %j finds in %j is %j', (orderingKey, content, key) => {
    expect(keyOf(orderingKey, content)).toBe(key);
  });

  it('is kept short, and different for different long values', () => {
    const long = (end: string) => keyOf({ pointer: '' }, JSON.stringify('x'.repeat(500) + end));
    expect(long('a')).toHaveLength(36);
    expect(long('a')).not.toBe(long('b'));
  });
});
