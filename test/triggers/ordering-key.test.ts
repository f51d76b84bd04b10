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
    [{ pointer: '/a' }, '{"a":""}', null],
    [{ pointer: '/a' }, '{"a":null}', null],
    [undefined, '{}', null],
  ])('that %j finds in %j is %j', (orderingKey, content, key) => {
    expect(keyOf(orderingKey, content)).toBe(key);
  });

  it('is in no header of an event without a request', () => {
    const { body } = arrived.data;
    const orderingKey = { header: 'X-Tenant' };
    expect(orderingKeyOf({ orderingKey }, { request: null, body })).toBeNull();
  });

  it('is kept short, and different for different long values', () => {
    const long = (end: string) => keyOf({ pointer: '' }, JSON.stringify('x'.repeat(500) + end));
    expect(keyOf({ pointer: '' }, JSON.stringify('x'.repeat(200)))).toBe('x'.repeat(200));
    // uuid.uuid5(namespace, '12:ordering-key201:' + 'x' * 201) in Python: another would part a line.
    expect(keyOf({ pointer: '' }, JSON.stringify('x'.repeat(201)))).toBe(
      'c4331a92-629f-55d6-965d-32ba7842dd1e',
    );
    expect(long('a')).toHaveLength(36);
    expect(long('a')).not.toBe(long('b'));
  });
});
