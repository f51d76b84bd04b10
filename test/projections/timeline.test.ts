import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blockMayHold, blockSize, eventMatches, timeline } from '../../projections/timeline.ts';
import { recorded } from '../subscriptions/history.ts';
import { arrived } from '../subscriptions/stories.ts';
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

it('never has its events parsed for it', () => {
  const [event] = recorded([arrived('a1')]);
  const untouchable = Object.defineProperty({ ...event! }, 'data', {
    get: () => {
      throw new Error('parsed');
    },
  });
  expect(Object.keys(folded(timeline, [untouchable]).documents)).toEqual(['0']);
});
