import { describe, expect, it } from 'vitest';
import { facts } from '../../src/domain/events.ts';
import { asPosition } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { createUpcast, upcast } from '../../src/store/upcasters.ts';

const event = (type: string, schemaVersion: number, data: unknown): StoredEvent => ({
  id: 'id',
  stream: 'thing-1',
  revision: 0,
  position: asPosition('1'),
  type,
  data,
  metadata: {
    workspace: 'acme',
    actor: 'user:ann',
    occurredAt: '2026-11-21T12:00:00.000Z',
    schemaVersion,
    $correlationId: 'c',
  },
  recordedAt: '2026-11-21T12:00:00.000Z',
});

/** A fact that has seen three versions. */
const upcastThing = createUpcast(
  {
    ThingNamed: {
      1: (data) => ({ label: (data as { name: string }).name }),
      2: (data) => ({ ...(data as object), language: null }),
    },
  },
  (type) => (type === 'ThingNamed' ? 3 : undefined),
);

describe('an upcast', () => {
  it('brings any older version to the current one, step by step', () => {
    const current = { label: 'x', language: null };
    expect(upcastThing(event('ThingNamed', 1, { name: 'x' }))).toEqual(
      event('ThingNamed', 3, current),
    );
    expect(upcastThing(event('ThingNamed', 2, { label: 'x' }))).toEqual(
      event('ThingNamed', 3, current),
    );
  });

  it('leaves the event it was given as it is', () => {
    const old = event('ThingNamed', 1, Object.freeze({ name: 'x' }));
    upcastThing(Object.freeze(old));
    expect(old).toEqual(event('ThingNamed', 1, { name: 'x' }));
  });

  it.each([
    ['current', 'ThingNamed', 3],
    ['of a later version', 'ThingNamed', 4],
    ['of an unknown type', 'ThingAdmired', 1],
    ['called like something every object has', 'constructor', 1],
  ])('gives back what is %s, without looking at its data', (_, type, version) => {
    const untouched = Object.defineProperty(event(type, version, {}), 'data', {
      get: () => expect.unreachable('the data was read'),
    });
    expect(upcastThing(untouched)).toBe(untouched);
  });

  it('does not look at the metadata of a fact that never had another version', () => {
    const upcastFirst = createUpcast({}, () => 1);
    const untouched = Object.defineProperty(event('ThingNamed', 1, {}), 'metadata', {
      get: () => expect.unreachable('the metadata was read'),
    });
    expect(upcastFirst(untouched)).toBe(untouched);
  });

  it('leaves every fact of this release alone', () => {
    for (const [type, { schemaVersion }] of Object.entries(facts)) {
      const current = event(type, schemaVersion, {});
      expect(upcast(current)).toBe(current);
    }
  });

  it('has a step for every version that this release may find in a log', () => {
    for (const [type, { schemaVersion }] of Object.entries(facts)) {
      for (let version = 1; version < schemaVersion; version += 1) {
        expect(upcast(event(type, version, {})).metadata.schemaVersion).toBe(schemaVersion);
      }
    }
  });
});
