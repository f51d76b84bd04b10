import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RefusalReason } from '../../src/domain/facts/refusal-facts.ts';
import type { RefusedDeliveries } from '../../src/domain/refusal/decider.ts';
import { refusalBounds, refusedPath } from '../../src/intake/refusal-bounds.ts';
import { createRefusalTally } from '../../src/intake/refusal-tally.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

const refused = (changes: Partial<RefusedDeliveries> = {}): RefusedDeliveries => ({
  ...{ path: 'in', trigger: 't', status: 401, reason: 'no-match', skewSeconds: null },
  ...{ count: 1, first: at(0), last: at(0), remote: '::1' },
  ...changes,
});
const unknown = (path: string): RefusedDeliveries =>
  refused({ path, trigger: null, status: 404, reason: 'unknown-path' });

/** As the desk does: what stands alone, and what is counted in the end. */
const told = (all: readonly (readonly [string, RefusedDeliveries])[]) => {
  const tally = createRefusalTally();
  const alone = all.filter(([workspace, one]) => {
    const stands = tally.standsAlone(workspace, one);
    if (!stands) tally.add(workspace, one);
    return stands;
  });
  const counted = [...tally.counted()].flatMap(([workspace, lines]) =>
    lines.map((line) => [workspace, line] as const),
  );
  return { alone, counted, passedOver: tally.passedOver };
};

const times = (count: number, one: (n: number) => RefusedDeliveries, workspace = 'acme') =>
  Array.from({ length: count }, (_, n) => [workspace, one(n)] as const);

describe('what was refused within a minute', () => {
  it('is told one by one at first, and then as a number from first to last', () => {
    const { alone, counted } = told(times(10, (n) => refused({ first: at(n), last: at(n) })));
    expect(alone).toHaveLength(refusalBounds.alone);
    const sum = refused({ count: 7, first: at(3), last: at(9), remote: null });
    expect(counted).toEqual([['acme', sum]]);
  });

  it('is told apart by workspace, path, trigger and reason', () => {
    const kinds: [string, RefusedDeliveries][] = [
      ['acme', refused()],
      ['acme', refused({ reason: 'stopped', status: 503 })],
      ['acme', refused({ path: 'other' })],
      ['acme', refused({ trigger: 'its successor' })],
      ['umbrella', refused()],
    ];
    const { counted } = told([...kinds, ...kinds, ...kinds, ...kinds]);
    const own = (one: RefusedDeliveries) => ({ ...one, remote: null });
    expect(counted).toEqual(kinds.map(([workspace, one]) => [workspace, own(one)]));
  });

  it('says of clocks how far the farthest was off, either way', () => {
    const skews = [301, 301, 301, 400, -900, 500];
    const stale = (n: number) => refused({ reason: 'stale-timestamp', skewSeconds: skews[n] ?? 0 });
    expect(told(times(6, stale)).counted).toMatchObject([['acme', { skewSeconds: -900 }]]);
  });

  it('has no more paths than it has room for; the others are one sum', () => {
    const { alone, counted } = told(times(100_000, (n) => unknown(`guess/${n}`)));
    expect(alone).toHaveLength(refusalBounds.unknown.alone.perWorkspace);
    expect(counted.length).toBeLessThanOrEqual(refusalBounds.unknown.lines.perWorkspace + 1);
    expect(counted.at(-1)).toMatchObject(['acme', { path: null, trigger: null, count: 99_990 }]);
  });

  it('keeps room for triggers, whatever paths are made up', () => {
    const flood = times(1_000, (n) => unknown(`guess/${n}`));
    const { alone } = told([...flood, ['acme', refused()]]);
    expect(alone.at(-1)).toEqual(['acme', refused()]);
  });

  it('is bounded over all workspaces, and then counted without a word', () => {
    const all = Array.from({ length: 5_000 }, (_, n) => [`w${n}`, unknown('x')] as const);
    const { alone, counted, passedOver } = told(all);
    const { unknown: bounds, sums } = refusalBounds;
    expect(alone).toHaveLength(bounds.alone.overall);
    expect(counted.length).toBeLessThanOrEqual(bounds.lines.overall + sums.overall);
    expect(passedOver).toBeGreaterThan(0);
  });

  it('loses none, whatever comes', () => {
    const one = fc.record({
      workspace: fc.constantFrom('a', 'b', 'c'),
      path: fc.stringMatching(/^[a-e]{1,2}$/),
      trigger: fc.constantFrom(null, 't'),
      reason: fc.constantFrom<RefusalReason>('no-match', 'stopped', 'too-large'),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 300 }), (all) => {
        const { alone, counted, passedOver } = told(
          all.map(({ workspace, ...rest }) => [workspace, refused(rest)]),
        );
        const sum = counted.reduce((total, [, { count }]) => total + count, 0);
        expect(alone.length + sum + passedOver).toBe(all.length);
      }),
    );
  });
});

it('a path is cut between characters', () => {
  expect(refusedPath('short')).toBe('short');
  expect(refusedPath(`${'a'.repeat(199)}😀`)).toBe('a'.repeat(199));
});
