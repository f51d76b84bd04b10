import type { ScannedArrival, SentAs } from '../views/arrival-source.ts';

/** What becomes of an arrival with a trigger, beside what became of it. */
export type Change =
  | 'would-fire'
  | 'no-longer-fires'
  /** What the function is sent may be another thing. */
  | 'still-fires'
  | 'not-concerned';

export const changeOf = (fires: boolean, fired: boolean): Change => {
  if (fires) return fired ? 'still-fires' : 'would-fire';
  return fired ? 'no-longer-fires' : 'not-concerned';
};

export interface Judged {
  readonly arrival: ScannedArrival;
  readonly fires: boolean;
  /** What was sent because of it; undefined where nothing was. */
  readonly sent: SentAs | undefined;
}

export interface SampledArrival extends ScannedArrival {
  readonly change: Exclude<Change, 'not-concerned'>;
  readonly sent: SentAs | null;
}

/** Those that were sent in one way, and still would be sent. */
export interface StillFires {
  readonly sent: SentAs;
  readonly count: number;
}

export interface JudgedPortion {
  readonly position: string;
  readonly scanned: number;
  readonly wouldFire: number;
  readonly noLongerFires: number;
  readonly notConcerned: number;
  readonly stillFires: readonly StillFires[];
  /** The first few of each way to change, and of each way to be sent; in the order of the log. */
  readonly sample: readonly SampledArrival[];
}

/** Sums a portion up; of each way to change at most `limit` are told one by one. */
export const sumUp = (position: string, all: readonly Judged[], limit: number): JudgedPortion => {
  const counts = { 'would-fire': 0, 'no-longer-fires': 0, 'not-concerned': 0, 'still-fires': 0 };
  const still = new Map<string, { readonly sent: SentAs; count: number }>();
  const sample: SampledArrival[] = [];

  const ordinalAmongStill = (sent: SentAs): number => {
    const name = `${sent.version}/${sent.functionId}`;
    const way = still.get(name) ?? { sent, count: 0 };
    still.set(name, way);
    way.count += 1;
    return way.count;
  };

  for (const { arrival, fires, sent } of all) {
    const change = changeOf(fires, sent !== undefined);
    counts[change] += 1;
    if (change === 'not-concerned') continue;
    const isStill = change === 'still-fires' && sent !== undefined;
    const ordinal = isStill ? ordinalAmongStill(sent) : counts[change];
    if (ordinal <= limit) sample.push({ ...arrival, change, sent: sent ?? null });
  }
  return {
    position,
    scanned: all.length,
    wouldFire: counts['would-fire'],
    noLongerFires: counts['no-longer-fires'],
    notConcerned: counts['not-concerned'],
    stillFires: [...still.values()],
    sample,
  };
};
