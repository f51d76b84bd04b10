import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { type FactType, facts } from '../../src/domain/events.ts';
import { defaultRetryPolicy } from '../../src/domain/retry-policy.ts';
import { leaveOut, putIn, unsaid } from '../../src/store/unsaid.ts';

const ids = { invocationId: 'i1', triggerId: 't1' };
const queued = {
  ...ids,
  functionId: 'f1',
  arrivalId: 'a1',
  triggerVersion: 1,
  orderingKey: null,
  policy: defaultRetryPolicy,
  timeoutMs: 15_000,
  retryOf: null,
};
const started = { ...ids, attempt: 1, attemptId: 'x', claimedBy: 'p', leaseUntil: 'later' };

/** Facts of one record, as they are put down and as they are read again. */
const throughRecord = (given: readonly { readonly type: string; readonly data: object }[]) => {
  const kept = given.map(({ type, data }, at) => leaveOut(type, data, given[at - 1]?.data));
  const put: object[] = kept.map((data) => JSON.parse(JSON.stringify(data)));
  const readFrom = (from: readonly object[]): object[] => {
    const read: object[] = [];
    for (const [at, data] of from.entries()) {
      read.push(putIn(given[at]?.type ?? '', data, read[at - 1]));
    }
    return read;
  };
  // What was just put down is handed to followers without a way over the disk.
  expect(readFrom(kept)).toEqual(readFrom(put));
  return { put, read: readFrom(put) };
};

describe('what goes without saying', () => {
  it('is left out and put in again', () => {
    const given = [
      { type: 'EventArrived', data: { arrivalId: 'a1', deliveryId: null } },
      { type: 'InvocationQueued', data: queued },
      { type: 'InvocationStarted', data: started },
      { type: 'InvocationQueued', data: { ...queued, invocationId: 'i2', triggerId: 't2' } },
    ];
    const { put, read } = throughRecord(given);
    expect(read).toEqual(given.map(({ data }) => data));
    expect(put[1]).toEqual({ ...ids, functionId: 'f1', triggerVersion: 1, timeoutMs: 15_000 });
    expect(put[2]).toEqual({ attempt: 1, attemptId: 'x', claimedBy: 'p', leaseUntil: 'later' });
  });

  it('is said where it is otherwise', () => {
    const policy = { ...defaultRetryPolicy, maxAttempts: 1 };
    const odd = { ...queued, policy, orderingKey: 'k', retryOf: 'i0', arrivalId: 'a2' };
    const given = [
      { type: 'EventArrived', data: { arrivalId: 'a1' } },
      { type: 'InvocationQueued', data: odd },
      { type: 'InvocationStarted', data: { ...started, invocationId: 'i3' } },
      { type: 'InvocationSucceeded', data: { invocationId: 'i4', triggerId: 't4', attempt: 1 } },
    ];
    const { put, read } = throughRecord(given);
    expect(read).toEqual(given.map(({ data }) => data));
    expect(put[1]).toEqual(odd);
    expect(put[2]).not.toHaveProperty('triggerId');
    expect(put[3]).toEqual(given[3]?.data);
  });

  it('is said by a first fact, and by one behind a fact without it', () => {
    const given = [
      { type: 'InvocationStarted', data: started },
      { type: 'EventWithheld', data: { arrivalId: 'a1' } },
      { type: 'InvocationSucceeded', data: { ...ids, attempt: 1 } },
    ];
    const { put, read } = throughRecord(given);
    expect(put).toEqual(given.map(({ data }) => data));
    expect(read).toEqual(put);
  });

  it('comes from members that no such fact is without', () => {
    for (const [type, { asBefore, usually }] of unsaid) {
      const { shape } = facts[type as FactType].schema;
      const schemas = new Map<string, z.ZodType>(Object.entries(shape));
      for (const member of [...asBefore, ...Object.keys(usually)]) {
        const isOptional = schemas.get(member)?.safeParse(undefined).success;
        expect(isOptional, `${type}.${member}`).toBe(false);
      }
    }
  });

  it('leaves alone what is no data', () => {
    for (const data of [null, undefined, 7, 'text']) {
      expect(putIn('InvocationQueued', data as never, undefined)).toBe(data);
    }
  });
});
