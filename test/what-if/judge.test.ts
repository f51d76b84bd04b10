import { describe, expect, it } from 'vitest';
import { changeOf, type Judged, sumUp } from '../../src/what-if/judge.ts';

it.each([
  [true, true, 'still-fires'],
  [true, false, 'would-fire'],
  [false, true, 'no-longer-fires'],
  [false, false, 'not-concerned'],
] as const)('fires: %s, fired: %s → %s', (fires, fired, change) => {
  expect(changeOf(fires, fired)).toBe(change);
});

const judgedOf = (n: number, fires: boolean, version?: number): Judged => ({
  arrival: {
    ...{ arrivalId: `a${n}`, position: String(n), receivedAt: '2026-01-01T00:00:00.000Z' },
    ...{ sourceKind: 'message', sourceKey: 'orders' },
  },
  fires,
  sent: version === undefined ? undefined : { version, functionId: 'f' },
});

describe('a portion', () => {
  const all = [
    judgedOf(1, true),
    judgedOf(2, false),
    judgedOf(3, true, 1),
    judgedOf(4, false, 1),
    judgedOf(5, true, 2),
    judgedOf(6, true, 1),
    judgedOf(7, true),
    judgedOf(8, true, 1),
  ];

  it('is counted whole, however few are told', () => {
    for (const limit of [0, 1, 100]) {
      const { sample: _, ...counts } = sumUp('8', all, limit);
      expect(counts).toEqual({
        ...{ position: '8', scanned: 8, wouldFire: 2, noLongerFires: 1, notConcerned: 1 },
        stillFires: [
          { sent: { version: 1, functionId: 'f' }, count: 3 },
          { sent: { version: 2, functionId: 'f' }, count: 1 },
        ],
      });
    }
  });

  it('tells the first few of each sort, in the order of the log', () => {
    const told = (limit: number) => sumUp('8', all, limit).sample.map(({ position }) => position);
    expect(told(0)).toEqual([]);
    expect(told(1)).toEqual(['1', '3', '4', '5']);
    expect(told(2)).toEqual(['1', '3', '4', '5', '6', '7']);
    expect(told(100)).toEqual(['1', '3', '4', '5', '6', '7', '8']);
  });

  it('may be empty', () => {
    expect(sumUp('8', [], 5)).toMatchObject({ scanned: 0, stillFires: [], sample: [] });
  });
});
