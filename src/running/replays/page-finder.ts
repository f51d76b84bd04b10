import { partKey } from './open-parts.ts';
import type { Scan, ScanPage } from './scan.ts';
import { createWatch, type Watch } from './watch.ts';

export interface PageFinderDeps {
  readonly scan: Scan;
  /** Arrivals of a page, at most. */
  readonly limit: number;
  /** Resolves when the views show all that is known here, and what was made of it. */
  readonly upToDate: () => Promise<void>;
}

/** A page as it was found, and whether that still holds. */
export interface Found {
  readonly page: ScanPage;
  readonly watch: Watch;
}

const partsOf = ({ judged }: ScanPage): readonly string[] =>
  judged.flatMap(({ arrival, verdicts }) =>
    verdicts.map(({ triggerId }) => partKey(arrival.arrivalId, triggerId ?? '')),
  );

/**
 * Finds the pages of one replay; the next one while this one is dealt with, so that there is always
 * something under way.
 */
export const createPageFinder = ({ scan, limit, upToDate }: PageFinderDeps, end: string) => {
  const watches = new Set<Watch>();
  let ahead: { readonly position: string; readonly finding: Promise<Found> } | undefined;

  const done = ({ watch }: Found): void => void watches.delete(watch);

  const find = async (position: string): Promise<Found> => {
    const watch = createWatch();
    // Before the views are waited for: what is touched from here on counts.
    watches.add(watch);
    try {
      await upToDate();
      const page = await scan(position, limit);
      watch.keepTo(partsOf(page));
      return { page, watch };
    } catch (error) {
      watches.delete(watch);
      throw error;
    }
  };

  const forgetAhead = (): void => {
    ahead?.finding.then(done, () => {});
    ahead = undefined;
  };

  return {
    /** The page behind a place, as things are. */
    async take(position: string): Promise<Found> {
      if (ahead?.position !== position) forgetAhead();
      const taken = ahead;
      ahead = undefined;
      const found = await (taken?.finding ?? find(position));
      if (!found.watch.isTouched) return found;
      done(found);
      return find(position);
    },
    lookAhead(position: string): void {
      if (position >= end) return;
      const finding = find(position);
      // Whoever takes it is told what went wrong.
      finding.catch(() => {});
      ahead = { position, finding };
    },
    /** What was found ahead is not to be relied on after a pause. */
    forgetAhead,
    /** It is of no interest any more what becomes of its parts. */
    done,
    /** Somebody has begun or ended an invocation of that part. */
    touch(part: string, but?: Watch): void {
      for (const watch of watches) if (watch !== but) watch.touch(part);
    },
  };
};
