import type { ReplayOrder, SkipReason } from '../../domain/replay/order.ts';
import type { Scan, ScanPage } from './scan.ts';

export interface Counted {
  readonly arrivals: number;
  readonly planned: number;
  readonly skipped: Partial<Record<SkipReason, number>>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const pageSize = 1_000;

const add = (counted: Mutable<Counted>, { judged }: ScanPage): void => {
  counted.arrivals += judged.length;
  for (const verdict of judged.flatMap(({ verdicts }) => verdicts)) {
    if (!('skip' in verdict)) counted.planned += 1;
    else counted.skipped[verdict.skip] = (counted.skipped[verdict.skip] ?? 0) + 1;
  }
};

/** What an order comes to as things are, one page at a time; undefined where it went on no longer. */
export const countOf = async (
  scan: Scan,
  { after, upTo }: ReplayOrder,
  goesOn: () => boolean,
  see: (page: ScanPage) => void = () => {},
): Promise<Counted | undefined> => {
  const counted = { arrivals: 0, planned: 0, skipped: {} };
  for (let at = after; at < upTo && goesOn(); ) {
    const page = await scan(at, pageSize);
    add(counted, page);
    see(page);
    at = page.upTo;
  }
  return goesOn() ? counted : undefined;
};
