import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  arrivalIdOf,
  arrivalStream,
  defaultTriggerIdOf,
  idOf,
  invocationIdOf,
  isArrival,
  isLane,
  laneStream,
  publishedIdOf,
  retryIdOf,
} from '../../src/domain/ids.ts';

describe('name-based ids', () => {
  it('are what logs of earlier releases hold', () => {
    expect(arrivalIdOf('demo', 'webhook/github', '1')).toBe('9f188727-2e58-503d-84c0-59fa484a0f27');
    expect(idOf('invocation', 'é', 'y')).toBe('3fba2128-eb88-5cc2-a18a-4ddac18c5fa4');
  });

  // Computed with uuid.uuid5 of Python. Another one would forget what was done under the old one.
  it.each([
    [
      'an invocation',
      () => invocationIdOf('arrival-1', 'trigger-1'),
      '3c817a83-7127-5c82-ae64-5ff77c7e6f09',
    ],
    ['a default trigger', () => defaultTriggerIdOf('acme'), 'ec381c12-82b1-5a4e-85b8-78e490985a57'],
    ['a published draft', () => publishedIdOf('draft-1'), '46454509-173b-552c-ad68-ba8da3a5d25c'],
    ['a retry', () => retryIdOf('invocation-1', 2), 'c291e5c8-0a0f-5434-bcd5-6019275d15eb'],
  ])('are the same for ever: that of %s', (_, id, known) => {
    expect(id()).toBe(known);
  });

  it('are made of parts of any length', () => {
    const text = 'é'.repeat(40_000);
    const named = Buffer.from('5b0f6c6e1d0a4b7c9a3e6f2d8c417e90', 'hex');
    const digest = createHash('sha1').update(named).update(`80000:${text}`).digest('hex');
    const id = idOf(text);
    expect(id.slice(0, 8)).toBe(digest.slice(0, 8));
    expect(id.slice(24)).toBe(digest.slice(20, 32));
  });

  it('tell apart parts that read alike when put together', () => {
    expect(idOf('ab', 'c')).not.toBe(idOf('a', 'bc'));
  });
});

it('the streams of lanes and of arrivals are told by their names', () => {
  const names = [laneStream(3), arrivalStream('x'), 'my-lane-3', 'no-arrival-x'];
  expect(names.map(isLane)).toEqual([true, false, false, false]);
  expect(names.map(isArrival)).toEqual([false, true, false, false]);
});
