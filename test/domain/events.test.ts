import { expect, it } from 'vitest';
import { facts, isFact, isKnown, versionOf } from '../../src/domain/events.ts';
import { asPosition } from '../../src/domain/position.ts';
import { arrived, now } from './examples.ts';

const stored = (type: string, schemaVersion: number) => ({
  id: 'event-1',
  stream: 'arrival-1',
  revision: 0,
  position: asPosition('1'),
  type,
  data: arrived.data,
  metadata: {
    workspace: 'acme',
    actor: 'sender:x',
    occurredAt: now,
    schemaVersion,
    $correlationId: 'c',
  },
  recordedAt: now,
});

it('a fact is known in the version that is written today, and in no other', () => {
  expect(versionOf('EventArrived')).toBe(facts.EventArrived.schemaVersion);
  expect(versionOf('EventAdmired')).toBeUndefined();
  expect(isKnown(stored('EventArrived', facts.EventArrived.schemaVersion))).toBe(true);
  expect(isKnown(stored('EventArrived', facts.EventArrived.schemaVersion + 1))).toBe(false);
  expect(isKnown(stored('EventAdmired', 1))).toBe(false);
});

it('a fact is told by its type', () => {
  expect(isFact(stored('EventArrived', 1), 'EventArrived')).toBe(true);
  expect(isFact(stored('EventWithheld', 1), 'EventArrived')).toBe(false);
});
