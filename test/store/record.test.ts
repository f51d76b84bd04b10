import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/domain/events.ts';
import { asPosition, placeOf } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import type { NewEvent } from '../../src/store/event-store.ts';
import { factIdOf, factsIn, factsType, recordIdOf, recordOf } from '../../src/store/record.ts';
import { started, succeeded } from '../domain/examples.ts';

const metadata = {
  workspace: 'acme',
  actor: 'user:ann',
  occurredAt: '2026-11-29T12:00:00.000Z',
  $correlationId: 'c',
};
const id = randomUUID();
const retired: Fact = { type: 'TriggerRetired', data: { triggerId: 't' } };
const position = asPosition('0000000042');

const stored = (record: Partial<NewEvent>, stream = 'thing-0'): StoredEvent =>
  ({
    ...{ id, type: factsType, data: {}, metadata: { ...metadata, schemaVersion: 2 } },
    ...record,
    ...{ stream, revision: 7, position, recordedAt: '2026-11-29T12:00:00.001Z' },
  }) as StoredEvent;

const read = (
  facts: Parameters<typeof recordOf>[1],
  of: Parameters<typeof recordOf>[2] = metadata,
  stream?: string,
) => factsIn(stored(recordOf(id, facts, of), stream));

describe('the ids of facts', () => {
  it('are that of their record, and the place in it from the second one on', () => {
    expect([factIdOf('r', 0), factIdOf('r', 1), factIdOf('r', 12)]).toEqual(['r', 'r#1', 'r#12']);
    expect(['r', 'r#1', 'r#12'].map(recordIdOf)).toEqual(['r', 'r', 'r']);
  });
});

describe('what is read of a record', () => {
  it('is each fact, with its version and what is its own', () => {
    const own = { actor: 'user:bob', $correlationId: 'd', $causationId: 'e' };
    const facts = read([
      { fact: retired, schemaVersion: 1 },
      { fact: retired, schemaVersion: 3 },
      { fact: retired, schemaVersion: 3, own },
      { fact: retired, schemaVersion: 1, own: { occurredAt: '2026-11-29T13:00:00.000Z' } },
    ]);
    expect(facts.map((fact) => fact.metadata)).toEqual([
      { ...metadata, schemaVersion: 1 },
      { ...metadata, schemaVersion: 3 },
      { ...metadata, ...own, schemaVersion: 3 },
      { ...metadata, occurredAt: '2026-11-29T13:00:00.000Z', schemaVersion: 1 },
    ]);
    for (const [at, fact] of facts.entries())
      expect(fact).toMatchObject({
        ...retired,
        ...{ id: factIdOf(id, at), position: placeOf(position, at), stream: 'thing-0' },
        ...{ revision: 7, recordedAt: '2026-11-29T12:00:00.001Z' },
      });
  });

  it('has a cause and a key only where there is one', () => {
    const two = [retired, retired].map((fact) => ({ fact, schemaVersion: 1 }));
    const key = { idempotency: { key: 'k' } } as unknown as object;
    const cause = { $causationId: 'e' };
    for (const more of [{}, key, cause, { ...key, ...cause }])
      expect(read(two, { ...metadata, ...more }).map((fact) => fact.metadata)).toEqual([
        { ...metadata, ...more, schemaVersion: 1 },
        { ...metadata, ...more, schemaVersion: 1 },
      ]);
  });

  it('rides with an arrival as the router’s, for its sake', () => {
    const queued = { fact: started, schemaVersion: 1 };
    const [first, second] = read(
      [{ fact: retired, schemaVersion: 1 }, queued],
      metadata,
      'arrival-a',
    );
    expect(first?.metadata).toEqual({ ...metadata, schemaVersion: 1 });
    expect(second?.metadata).toEqual({
      ...{ ...metadata, actor: 'system:router', $causationId: id, schemaVersion: 1 },
    });
  });

  it('belongs to its invocation, wherever it is recorded', () => {
    const both = [started, succeeded].map((fact) => ({ fact, schemaVersion: 1 }));
    expect(read(both).map(({ entity }) => entity)).toEqual([
      'invocation-invocation-1',
      'invocation-invocation-1',
    ]);
    const [alone] = read([{ fact: started, schemaVersion: 1 }], metadata, 'lane-0');
    expect(alone).toMatchObject({ entity: 'invocation-invocation-1', ...started, position });
    const [other] = read([{ fact: retired, schemaVersion: 1 }], metadata, 'lane-0');
    expect(other).not.toHaveProperty('entity');
    for (const fact of read([retired, retired].map((fact) => ({ fact, schemaVersion: 1 }))))
      expect(fact).not.toHaveProperty('entity');
  });

  it.each([null, 'text', 7])('of a lone record that says %j is that record', (data) => {
    const record = stored({ type: 'TriggerRetired', data: data as never }, 'lane-0');
    expect(factsIn(record)).toEqual([record]);
  });

  it.each([
    [
      'a later version',
      { data: { facts: [retired] }, metadata: { ...metadata, schemaVersion: 3 } },
    ],
    ['nothing', { data: null }],
    ['a text', { data: 'facts' }],
    ['no facts', { data: { other: [] } }],
    ['facts that are no list', { data: { facts: { 0: retired } } }],
    ['a fact that is nothing', { data: { facts: [retired, null] } }],
    ['a fact that is a text', { data: { facts: [retired, 'type'] } }],
    ['a fact without a type', { data: { facts: [retired, { data: {} }] } }],
    ['a type that is no text', { data: { facts: [retired, { type: 1, data: {} }] } }],
  ])('that says %s is that record, which nobody knows', (_, record) => {
    const whole = stored(record as never);
    expect(factsIn(whole)).toEqual([whole]);
  });
});

describe('what a record keeps', () => {
  it('is a lone fact as it is, with what is its own', () => {
    const own = { actor: 'user:bob' };
    expect(recordOf(id, [{ fact: retired, schemaVersion: 3, own }], metadata)).toEqual({
      ...{ id, ...retired, metadata: { ...metadata, ...own, schemaVersion: 3 } },
    });
  });

  it('leaves out a version of 1, and what nobody has of his own', () => {
    const own = { actor: 'user:bob' };
    const record = recordOf(
      id,
      [
        { fact: retired, schemaVersion: 1 },
        { fact: retired, schemaVersion: 1, own },
        { fact: retired, schemaVersion: 2 },
        { fact: retired, schemaVersion: 2, own },
      ],
      metadata,
    );
    expect(record).toEqual({
      ...{ id, type: factsType, metadata: { ...metadata, schemaVersion: 2 } },
      data: {
        facts: [
          retired,
          { ...retired, own },
          { ...retired, schemaVersion: 2 },
          { ...retired, schemaVersion: 2, own },
        ],
      },
    });
  });

  it('is the bytes of its facts, by their places, and no list where there are none', () => {
    const payload = { salt: Buffer.alloc(16, 1), bytes: Buffer.from('x') };
    const facts = [
      { fact: retired, schemaVersion: 1 },
      { fact: retired, schemaVersion: 1, payload },
    ];
    expect(recordOf(id, facts, metadata).payloads).toEqual([{ fact: 1, ...payload }]);
    expect(recordOf(id, facts.slice(0, 1), metadata)).not.toHaveProperty('payloads');
  });
});
