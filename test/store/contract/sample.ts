import { randomUUID } from 'node:crypto';
import type { EventStore, NewEvent } from '../../../src/store/event-store.ts';

/** The store under test, asked for only while a test runs. */
export type StoreUnderTest = () => EventStore;

/** A name nobody used before: the store may hold other data, and other runs may write to it. */
export const newStream = (): string => `contract-${randomUUID()}`;

export const sample = (data: object = {}): NewEvent => ({
  id: randomUUID(),
  type: 'SampleTaken',
  data,
  metadata: {
    workspace: 'contract',
    actor: 'system:contract',
    occurredAt: '2026-01-01T00:00:00.000Z',
    schemaVersion: 1,
    $correlationId: 'contract',
  },
});

export const samples = (count: number): NewEvent[] =>
  Array.from({ length: count }, (_, index) => sample({ index }));

/** A stream with `count` events, so its last revision is `count - 1`. */
export const filledStream = async (store: EventStore, count: number): Promise<string> => {
  const stream = newStream();
  await store.append(stream, 'no_stream', samples(count));
  return stream;
};

export const revisionsOf = (events: readonly { readonly revision: number }[]): number[] =>
  events.map(({ revision }) => revision);

export const idsOf = (events: readonly { readonly id: string }[]): string[] =>
  events.map(({ id }) => id);
