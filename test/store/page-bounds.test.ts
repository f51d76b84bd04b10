import { describe, expect, it } from 'vitest';
import type { ReadAllOptions, ReadStreamOptions } from '../../src/store/event-store.ts';
import { positionOf } from '../../src/store/log-ordinal.ts';
import { logPage, type PageBounds, streamPage } from '../../src/store/page-bounds.ts';
import { expiredUntil, firstVisible } from '../../src/store/retention.ts';

/** The places that a page may show, in its order. */
const shown = ({ low, high, descending, limit }: PageBounds): number[] => {
  const all = Array.from({ length: Math.max(0, high - low + 1) }, (_, at) => low + at);
  return (descending ? all.reverse() : all).slice(0, limit);
};

describe('a page of a stream that shows revisions 3 to 6', () => {
  it.each<[ReadStreamOptions, number[]]>([
    [{}, [3, 4, 5, 6]],
    [{ from: 'start' }, [3, 4, 5, 6]],
    [{ from: 0 }, [3, 4, 5, 6]],
    [{ from: 4 }, [4, 5, 6]],
    [{ from: 7 }, []],
    [{ from: 'end' }, []],
    [{ maxCount: 2 }, [3, 4]],
    [{ direction: 'backwards' }, [6, 5, 4, 3]],
    [{ direction: 'backwards', from: 'end' }, [6, 5, 4, 3]],
    [{ direction: 'backwards', from: 4 }, [4, 3]],
    [{ direction: 'backwards', from: 9 }, [6, 5, 4, 3]],
    [{ direction: 'backwards', from: 'start' }, []],
    [{ direction: 'backwards', maxCount: 3 }, [6, 5, 4]],
  ])('asked for as %j', (options, revisions) => {
    expect(shown(streamPage(options, 3, 6))).toEqual(revisions);
  });

  it('has the very first event backwards from the start', () => {
    const options = { direction: 'backwards', from: 'start' } as const;
    expect(shown(streamPage(options, 0, 6))).toEqual([0]);
  });
});

describe('a page of a log of five events', () => {
  it.each<[ReadAllOptions, number[]]>([
    [{}, [1, 2, 3, 4, 5]],
    [{ from: 'start' }, [1, 2, 3, 4, 5]],
    [{ from: positionOf(3) }, [3, 4, 5]],
    [{ from: positionOf(0) }, [1, 2, 3, 4, 5]],
    [{ from: 'end' }, []],
    [{ maxCount: 2 }, [1, 2]],
    [{ direction: 'backwards' }, [5, 4, 3, 2, 1]],
    [{ direction: 'backwards', from: 'end' }, [5, 4, 3, 2, 1]],
    [{ direction: 'backwards', from: positionOf(3) }, [2, 1]],
    [{ direction: 'backwards', from: 'start' }, []],
    [{ direction: 'backwards', maxCount: 2 }, [5, 4]],
  ])('asked for as %j', (options, ordinals) => {
    expect(shown(logPage(options, 5))).toEqual(ordinals);
  });

  it('has at most a thousand events where nobody says how many', () => {
    expect([logPage({}, 5).limit, streamPage({}, 0, 5).limit]).toEqual([1_000, 1_000]);
  });
});

describe('a stream shows', () => {
  it('its last events, where only so many are wanted, and none that was cut off', () => {
    expect(firstVisible({ truncateBefore: 0 }, 9)).toBe(0);
    expect(firstVisible({ truncateBefore: 4 }, 9)).toBe(4);
    expect(firstVisible({ truncateBefore: 0, maxCount: 3 }, 9)).toBe(7);
    expect(firstVisible({ truncateBefore: 8, maxCount: 3 }, 9)).toBe(8);
    expect(firstVisible({ truncateBefore: 0, maxCount: 30 }, 9)).toBe(0);
  });

  it('nothing older than so many seconds', () => {
    expect(expiredUntil({ truncateBefore: 0 }, 5_000)).toBe(Number.NEGATIVE_INFINITY);
    expect(expiredUntil({ truncateBefore: 0, maxAge: 2 }, 5_000)).toBe(3_000);
  });
});
