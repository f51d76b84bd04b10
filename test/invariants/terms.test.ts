import { describe, expect, it } from 'vitest';
import { defaultRetryPolicy, defaultTimeoutMs } from '../../src/domain/retry-policy.ts';
import type { FunctionNow, Trigger } from '../../src/invariants/register.ts';
import { termsFor } from '../../src/invariants/terms.ts';
import { itAllows, itFinds } from './cases.ts';
import { aFunction, arrive, aTrigger, cancel, idOf, judged, queue } from './stories.ts';

const trigger: Trigger = {
  ...{ triggerId: 't', workspace: 'acme', functionId: 'f', kind: 'webhook' },
  ...{ metadata: {}, version: 1, status: 'active', lateAt: undefined },
};
const target: FunctionNow = { workspace: 'acme', concurrency: 1, timeoutMs: 20_000, retry: {} };
const arrivalWith = (content: string, headers: Record<string, string> = {}) => {
  const request = { method: 'POST', path: '/', query: {}, headers, remote: '::1' };
  const { data } = arrive('a', { request, body: { encoding: 'utf8', content } }).fact;
  return data as Parameters<typeof termsFor>[2];
};
const body = arrivalWith('{}');
const keyOf = (orderingKey: object, arrival: Parameters<typeof termsFor>[2]) =>
  termsFor({ ...trigger, metadata: { orderingKey: orderingKey as never } }, target, arrival)
    .orderingKey;

describe('an order by what the body says', () => {
  const beside = { size: 9, commitment: `${'A'.repeat(43)}=` };
  const ordered = aTrigger('t', {
    triggerMetadata: { path: '/t', orderingKey: { pointer: '/key' } },
  });
  const log = (orderingKey: string | null) => [
    aFunction(),
    ordered,
    arrive('a', { body: beside }),
    queue('a', { orderingKey }),
    cancel('a'),
  ];
  const given = (text: string | undefined) => ({
    bodyAt: () => (text === undefined ? undefined : Buffer.from(text)),
  });

  it('is looked at where the body lies beside the log', () => {
    expect(judged(log('x'), given('{"key":"x"}'))).toEqual([]);
    expect(judged(log('y'), given('{"key":"x"}'))).toEqual([
      expect.stringContaining('orderingKey'),
    ]);
    expect(judged(log(null), given('{"key":"x"}'))).toEqual([
      expect.stringContaining('orderingKey'),
    ]);
    expect(judged(log(null), given('{"n":"x"}'))).toEqual([]);
  });

  it('is not known where the body is gone, or not at hand', () => {
    expect(judged(log('y'), given(undefined))).toEqual([]);
    expect(judged(log('y'))).toEqual([]);
  });
});

describe('the terms of an invocation', () => {
  it('are the usual ones where nobody says anything', () => {
    expect(termsFor(trigger, undefined, body)).toEqual({
      policy: defaultRetryPolicy,
      timeoutMs: defaultTimeoutMs,
      orderingKey: null,
    });
  });

  it('are the function\u2019s, save what the trigger says', () => {
    const patient = { ...target, retry: { maxAttempts: 9, multiplier: 2 } };
    const hasty = { ...trigger, metadata: { retry: { maxAttempts: 1 }, timeoutMs: 5 } };
    expect(termsFor(hasty, patient, body)).toMatchObject({
      policy: { ...defaultRetryPolicy, maxAttempts: 1, multiplier: 2 },
      timeoutMs: 5,
    });
    expect(termsFor(trigger, patient, body).timeoutMs).toBe(20_000);
  });

  it('are not those of another workspace\u2019s function', () => {
    const foreign = { ...target, workspace: 'umbrella', retry: { maxAttempts: 9 } };
    expect(termsFor(trigger, foreign, body)).toEqual(termsFor(trigger, undefined, body));
  });

  it.each([
    ['/id', '{"id":"k"}', 'k'],
    ['/id', '{"id":7}', '7'],
    ['/id', '{"id":false}', 'false'],
    ['/id', '{"id":""}', null],
    ['/id', '{"id":null}', null],
    ['/id', '{"id":{}}', null],
    ['/id', 'no JSON', null],
    ['/list/1', '{"list":["a","b"]}', 'b'],
    ['/a~1b/c~0d', '{"a/b":{"c~d":"e"}}', 'e'],
    ['/toString', '{}', null],
    ['/id', `{"id":"${'x'.repeat(201)}"}`, undefined],
    ['/id', `{"id":"k","deep":${'['.repeat(40)}${']'.repeat(40)}}`, undefined],
  ])('take %s of %s for the key', (pointer, content, key) => {
    expect(keyOf({ pointer }, arrivalWith(content))).toBe(key);
  });

  it('take a header for the key, however it is written', () => {
    expect(keyOf({ header: 'X-Id' }, arrivalWith('', { 'x-id': 'k' }))).toBe('k');
  });
});

describe('an invocation', () => {
  const beginning = [
    aFunction('f', { retry: { maxAttempts: 3 }, timeoutMs: 1_000 }),
    aTrigger('t', { triggerMetadata: { path: 't', orderingKey: { header: 'x' } } }),
    arrive('a'),
  ];
  const policy = { ...defaultRetryPolicy, maxAttempts: 3 };
  const terms = { policy, timeoutMs: 1_000 };
  const id = idOf('a');
  itAllows([['the terms promised', queue('a', terms), cancel('a')]], beginning);
  itFinds(
    [
      [`${id} has another maxAttempts than promised`, queue('a', { timeoutMs: 1_000 })],
      [`${id} has another timeoutMs than promised`, queue('a', { policy })],
      [`${id} has another orderingKey than promised`, queue('a', { ...terms, orderingKey: 'k' })],
      [
        `${id} has another retryStatuses than promised`,
        queue('a', { ...terms, policy: { ...policy, retryStatuses: [] } }),
      ],
    ],
    beginning,
  );
});
