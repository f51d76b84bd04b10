import { describe, expect, it } from 'vitest';
import type { TimelineBlock } from '../../projections/timeline.ts';
import type { Position } from '../../src/domain/position.ts';
import { audit } from '../../src/views/audit.ts';
import type { TimelineBounds } from '../../src/views/timeline-blocks.ts';
import type { AuditQuery, Order } from '../../src/views/views.ts';
import { positionOf, recorded } from './history.ts';

const perBlock = 3;

/** A log in short blocks, of which those at the given numbers begin with what is sought. */
const logOf = (blockCount: number, sought: (block: number) => boolean) => {
  const typeAt = (index: number): string =>
    index % perBlock === 0 && sought(index / perBlock) ? 'Rare' : 'Common';
  const log = recorded(
    Array.from({ length: blockCount * perBlock }, (_, index) => ({
      stream: 's-1',
      fact: { type: typeAt(index), data: {} },
    })),
  );
  const blocks = Array.from({ length: blockCount }, (_, block): TimelineBlock => {
    const own = log.slice(block * perBlock, (block + 1) * perBlock);
    return {
      position: own[0]?.position ?? '',
      lastPosition: own.at(-1)?.position ?? '',
      ...{ firstTime: '', lastTime: '', workspaces: ['acme'], actors: [] },
      types: own.map(({ type }) => type),
      ...{ entities: '', correlations: '' },
    };
  });
  return { log, blocks };
};

const auditOf = ({ log, blocks }: ReturnType<typeof logOf>) => {
  const reads: string[] = [];
  const reader = {
    readAll: ({ from, maxCount }: { from?: Position; maxCount: number }) => {
      reads.push(String(from));
      const start = log.findIndex(({ position }) => position === from);
      return Promise.resolve(log.slice(start, start + maxCount));
    },
  };
  const within = (order: Order, { above, below }: TimelineBounds) => {
    const there = blocks.filter(
      ({ position, lastPosition }) => lastPosition > above && position < below,
    );
    return (order === 'asc' ? there : there.reverse()).slice(0, 32);
  };
  return {
    reads,
    ask: (query: Partial<AuditQuery>) =>
      audit(reader, within, { workspace: 'acme', order: 'asc', limit: 100, ...query }),
  };
};

describe.each<Order>(['asc', 'desc'])('what one call of the audit costs (%s)', (order) => {
  const types = ['Rare'];

  it('is a read for each block that can hold an answer, and for no other', async () => {
    const world = logOf(40, (block) => [3, 7, 39].includes(block));
    const { reads, ask } = auditOf(world);
    const { events, next } = await ask({ order, types });
    const expected = [3, 7, 39].map((block) => positionOf(block * perBlock + 1));
    const inOrder = order === 'asc' ? expected : expected.reverse();
    expect(events.map(({ position }) => position)).toEqual(inOrder);
    expect(reads).toEqual(inOrder);
    expect(next).toBeNull();
  });

  it('is 64 reads at most', async () => {
    const { reads, ask } = auditOf(logOf(66, () => true));
    const first = await ask({ order, types });
    expect([first.events.length, reads.length]).toEqual([64, 64]);
    const second = await ask({ order, types, after: first.next ?? undefined });
    expect([second.events.length, reads.length, second.next]).toEqual([2, 66, null]);
  });

  it('is a look at 8 192 blocks at most', async () => {
    const ends = [0, 8_192];
    const { reads, ask } = auditOf(logOf(8_193, (block) => ends.includes(block)));
    const first = await ask({ order, types });
    expect([first.events.length, reads.length]).toEqual([1, 1]);
    const second = await ask({ order, types, after: first.next ?? undefined });
    expect([second.events.length, reads.length, second.next]).toEqual([1, 2, null]);
  });

  it('ends with the last answer, also where that fills the page', async () => {
    const { ask } = auditOf(logOf(4, (block) => block % 2 === 0));
    expect((await ask({ order, types, limit: 2 })).next).toBeNull();
    expect((await ask({ order, types, limit: 1 })).next).not.toBeNull();
  });
});
