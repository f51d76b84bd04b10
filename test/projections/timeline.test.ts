import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  blockMayHold,
  blockSize,
  eventMatches,
  type TimelineFilter,
  timeline,
} from '../../projections/timeline.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { instantOf, recorded } from '../views/history.ts';
import { arrived } from '../views/stories.ts';
import { filterArbitrary } from './audit-filters.ts';
import { folded } from './folding.ts';
import { historyArbitrary } from './generated-history.ts';

it('has one document per run of events, whatever their types', () => {
  const future = { stream: 'x-1', fact: { type: 'FromTheFuture', data: {} } };
  const events = recorded(
    Array.from({ length: blockSize + 1 }, (_, n) => (n % 2 === 0 ? arrived(`a${n}`) : future)),
  );
  const { documents } = folded(timeline, events);
  expect(Object.keys(documents)).toEqual(['0', '1']);
  expect(documents['0']?.types).toEqual(['EventArrived', 'FromTheFuture']);
  expect(documents['1']?.position).toBe(events.at(-1)?.position);
});

it('never rules out a block that holds an event asked for', () => {
  fc.assert(
    fc.property(historyArbitrary(), filterArbitrary, (events, filter) => {
      const blocks = Object.values(folded(timeline, events).documents);
      if (events.some((event) => eventMatches(event, filter))) {
        expect(blocks.some((block) => blockMayHold(block, filter))).toBe(true);
      }
    }),
  );
});

it('rules a block out for an entity it does not have', () => {
  const events = recorded(Array.from({ length: blockSize }, (_, n) => arrived(`a${n}`)));
  const block = folded(timeline, events).documents['0']!;
  const strangers = Array.from({ length: 100 }, (_, n) => ({
    workspace: 'acme',
    entity: `arrival-b${n}`,
  }));
  expect(strangers.filter((filter) => blockMayHold(block, filter))).toEqual([]);
  expect(blockMayHold(block, { workspace: 'acme', entity: 'a77' })).toBe(true);
});

const told = recorded([
  {
    stream: 'trigger-t1',
    fact: { type: 'TriggerResumed', data: { triggerId: 't1' } },
    metadata: { actor: 'user:ada', $correlationId: 'story-1', occurredAt: instantOf(20) },
  },
])[0]!;

const own: readonly (readonly [string, Partial<TimelineFilter>])[] = [
  ['its actor', { actor: 'user:ada' }],
  ['its stream', { entity: 'trigger-t1' }],
  ['its entity', { entity: 't1' }],
  ['its type among others', { types: ['TriggerPaused', 'TriggerResumed'] }],
  ['its story', { correlationId: 'story-1' }],
  ['the time it came at', { fromTime: instantOf(20), toTime: instantOf(20) }],
  ['everything', {}],
];

const others: readonly (readonly [string, Partial<TimelineFilter>])[] = [
  ['another workspace', { workspace: 'umbrella' }],
  ['another actor', { actor: 'user:eve' }],
  ['another entity', { entity: 't2' }],
  ['another entity of the same id', { entity: 'function-t1' }],
  ['other types', { types: ['TriggerPaused'] }],
  ['another story', { correlationId: 'story-2' }],
  ['a time after it', { fromTime: instantOf(21) }],
  ['a time before it', { toTime: instantOf(19) }],
];

it.each(own)('finds an event by %s', (_, asked) => {
  const filter = { workspace: 'acme', ...asked };
  expect(eventMatches(told, filter)).toBe(true);
  expect(blockMayHold(folded(timeline, [told]).documents['0']!, filter)).toBe(true);
});

it.each(others)('does not find it by %s', (_, asked) => {
  expect(eventMatches(told, { workspace: 'acme', ...asked })).toBe(false);
});

// By its id alone an entity of another category cannot be told from it.
it.each(others.filter(([what]) => !what.endsWith('same id')))(
  'rules its block out for %s',
  (_, asked) => {
    const block = folded(timeline, [told]).documents['0']!;
    expect(blockMayHold(block, { workspace: 'acme', ...asked })).toBe(false);
  },
);

it('has all of each kind that its events have, once, and the span of their clocks', () => {
  fc.assert(
    fc.property(historyArbitrary(), (events) => {
      const block = folded(timeline, events).documents['0'];
      if (block === undefined) return;
      const all = <T>(of: (event: StoredEvent) => T) => [...new Set(events.map(of))];
      const times = events.map(({ metadata }) => metadata.occurredAt).sort();
      expect(block).toMatchObject({
        position: events[0]?.position,
        lastPosition: events.at(-1)?.position,
        firstTime: times[0],
        lastTime: times.at(-1),
        workspaces: all(({ metadata }) => metadata.workspace),
        types: all(({ type }) => type),
        actors: all(({ metadata }) => metadata.actor),
      });
    }),
  );
});

it('never has its events parsed for it', () => {
  const [event] = recorded([arrived('a1')]);
  const untouchable = Object.defineProperty({ ...event! }, 'data', {
    get: () => {
      throw new Error('parsed');
    },
  });
  expect(Object.keys(folded(timeline, [untouchable]).documents)).toEqual(['0']);
});
