import { describe, expect, it } from 'vitest';
import { payloadOf } from '../../src/domain/payload-of.ts';
import { busEventKey, createBusIndex } from '../../src/triggers/bus-index.ts';
import { createTriggerKinds } from '../../src/triggers/index.ts';
import type { Arrival } from '../../src/triggers/kind.ts';
import { parseMetadata } from '../../src/triggers/parse-metadata.ts';
import { recordEventKey } from '../../src/triggers/record-events.ts';
import { scheduled } from '../../src/triggers/scheduled.ts';
import { arrived } from '../domain/examples.ts';

const kindOf = (name: string) => {
  const kind = createTriggerKinds().known.get(name);
  if (kind === undefined) throw new Error(`there is no kind ${name}`);
  return kind;
};

const arrivalOf = (text: string): Arrival => ({
  ...arrived.data,
  body: payloadOf(Buffer.from(text)),
});

describe('a trigger listens at', () => {
  it.each([
    ['webhook', { path: '/a/b' }, 'a/b'],
    ['on-demand', {}, 'trigger-1'],
    ['scheduled', { interval: 5 }, 'trigger-1'],
    ['message', { topic: 'a.*' }, 'a.*'],
    ['event', { eventType: 'a' }, busEventKey('a', null)],
    ['event', { eventType: 'a', eventSource: '' }, busEventKey('a', null)],
    ['event', { eventType: 'a', eventSource: 'b' }, busEventKey('a', 'b')],
    [
      'event-driven',
      { event: 'record_created', recordSlug: 'orders' },
      recordEventKey('record_created', 'orders'),
    ],
  ])('a key of its kind: %s %j', (name, metadata, key) => {
    const kind = kindOf(name);
    expect(kind.key(parseMetadata(kind, metadata), 'trigger-1')).toBe(key);
  });

  it('keys that cannot be mistaken for one another', () => {
    const keys = [
      busEventKey('a', null),
      busEventKey('a', 'b'),
      busEventKey('a","b', null),
      busEventKey('b', 'a'),
      recordEventKey('record_created', 'a'),
      recordEventKey('record_created', 'b'),
      recordEventKey('record_updated', 'a'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('a function is given', () => {
  const body = '{"a":1}';
  const forms = { json: body, base64: () => Buffer.from(body).toString('base64') };
  const none = { executionParams: body, eventMetadata: null };
  const empty = { executionParams: body, eventMetadata: '{}' };

  it.each([
    ['on-demand', none],
    ['event-driven', none],
    ['scheduled', none],
    ['event', empty],
    ['message', empty],
  ])('the payload itself by a trigger of kind %s', (name, presented) => {
    expect(kindOf(name).present(arrivalOf(body), forms, {})).toEqual(presented);
  });

  it('nothing of a request by a webhook whose request is not on record', () => {
    const { executionParams, eventMetadata } = kindOf('webhook').present(arrivalOf(body), forms, {
      rawBody: true,
    });
    const asked = { method: 'POST', path: '', query: {}, headers: {} };
    expect(JSON.parse(executionParams)).toEqual({
      payload: { a: 1 },
      ...asked,
      rawBody: 'eyJhIjoxfQ==',
    });
    expect(JSON.parse(String(eventMetadata))).toEqual({ ...asked, remote: null });
  });
});

it('an event concerns those who want it from anywhere, and those who want it from its source', () => {
  const { matching } = createBusIndex();
  expect(matching(busEventKey('a', null))).toEqual([busEventKey('a', null)]);
  expect(matching(busEventKey('a', 'b'))).toEqual([busEventKey('a', null), busEventKey('a', 'b')]);
});

it('a schedule that has done its work is refused, unless it is one that stays as it is', () => {
  const past = { at: '2026-01-01T00:00:00.000Z' };
  const other = { at: '2026-01-02T00:00:00.000Z' };
  const now = Date.parse('2026-06-01T00:00:00.000Z');
  const problemOf = (stored: typeof past | undefined) =>
    scheduled.untimely?.(parseMetadata(scheduled, past), stored, now);
  expect(problemOf(undefined)).toEqual({ field: 'at', message: 'must be later than now' });
  expect(problemOf(other)).toEqual({ field: 'at', message: 'must be later than now' });
  expect(problemOf(past)).toBeUndefined();
});

it('a secret of a trigger lies where its kind says', () => {
  const paths = [...createTriggerKinds().known].map(([name, { secretPaths }]) => [
    name,
    secretPaths,
  ]);
  expect(paths).toEqual([
    ['webhook', ['hmac.secret', 'signature.secrets']],
    ['on-demand', []],
    ['event-driven', []],
    ['event', []],
    ['message', []],
    ['scheduled', []],
  ]);
});
