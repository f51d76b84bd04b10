import { describe, expect, it } from 'vitest';
import { partKey } from '../../../src/running/replays/open-parts.ts';
import { createPageFinder } from '../../../src/running/replays/page-finder.ts';
import type { ScanPage } from '../../../src/running/replays/scan.ts';

const end = '0009';

/** Arrival `aN` at place N, for trigger `t`. */
const pageUpTo = (upTo: string): ScanPage =>
  ({
    judged: [{ arrival: { arrivalId: `a${upTo}` }, verdicts: [{ triggerId: 't' }] }],
    upTo,
  }) as unknown as ScanPage;

const partAt = (upTo: string): string => partKey(`a${upTo}`, 't');
const behind = (position: string): string => `${Number(position) + 1}`.padStart(4, '0');

const createScene = () => {
  const scanned: string[] = [];
  let fails = 0;
  let shown = Promise.resolve();
  const finder = createPageFinder(
    {
      limit: 7,
      upToDate: () => shown,
      scan: async (after, limit) => {
        scanned.push(`${limit} after ${after}`);
        if (fails > 0) {
          fails -= 1;
          throw new Error('the views are away');
        }
        return pageUpTo(behind(after));
      },
    },
    end,
  );
  return {
    finder,
    scanned,
    failOnce: () => {
      fails = 1;
    },
    holdViews() {
      let show = (): void => {};
      shown = new Promise((resolve) => {
        show = resolve;
      });
      return show;
    },
  };
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the next page', () => {
  it('is looked for when it is asked for, once the views are up to date', async () => {
    const { finder, scanned, holdViews } = createScene();
    const show = holdViews();
    const taking = finder.take('0001');
    await settled();
    expect(scanned).toEqual([]);
    show();
    expect((await taking).page).toEqual(pageUpTo('0002'));
    expect(scanned).toEqual(['7 after 0001']);
  });

  it('is there already where it was looked for ahead', async () => {
    const { finder, scanned } = createScene();
    finder.lookAhead('0002');
    await settled();
    expect(scanned).toEqual(['7 after 0002']);
    expect((await finder.take('0002')).page).toEqual(pageUpTo('0003'));
    expect(scanned).toHaveLength(1);
    await finder.take('0002');
    expect(scanned).toHaveLength(2);
  });

  it('is not looked for behind the end', async () => {
    const { finder, scanned } = createScene();
    finder.lookAhead(end);
    finder.lookAhead('0010');
    await settled();
    expect(scanned).toEqual([]);
  });

  it('is another one than was looked for ahead, and that is forgotten', async () => {
    const { finder, scanned } = createScene();
    finder.lookAhead('0002');
    await finder.take('0001');
    await finder.take('0002');
    expect(scanned).toEqual(['7 after 0002', '7 after 0001', '7 after 0002']);
  });

  it('is looked for anew after a pause', async () => {
    const { finder, scanned } = createScene();
    finder.lookAhead('0002');
    finder.forgetAhead();
    await finder.take('0002');
    expect(scanned).toHaveLength(2);
  });

  it('is looked for anew where it could not be found, and that is told once', async () => {
    const { finder, scanned, failOnce } = createScene();
    failOnce();
    finder.lookAhead('0002');
    await settled();
    await expect(finder.take('0002')).rejects.toThrow('the views are away');
    expect((await finder.take('0002')).page).toEqual(pageUpTo('0003'));
    expect(scanned).toHaveLength(2);
  });
});

describe('what happens to its parts', () => {
  it('while it is looked for or waits has it looked for anew', async () => {
    for (const early of [true, false]) {
      const { finder, scanned } = createScene();
      finder.lookAhead('0002');
      if (!early) await settled();
      finder.touch(partAt('0003'));
      const { watch } = await finder.take('0002');
      expect(watch.isTouched).toBe(false);
      expect(scanned).toHaveLength(2);
    }
  });

  it('while it is dealt with is seen, and nothing else is', async () => {
    const { finder } = createScene();
    const found = await finder.take('0002');
    finder.touch(partAt('0004'));
    finder.touch(partAt('0003'), found.watch);
    expect(found.watch.isTouched).toBe(false);
    finder.touch(partAt('0003'));
    expect(found.watch.isTouched).toBe(true);
  });

  it('is of no interest when it is done', async () => {
    const { finder } = createScene();
    const found = await finder.take('0002');
    finder.done(found);
    finder.touch(partAt('0003'));
    expect(found.watch.isTouched).toBe(false);
  });
});
