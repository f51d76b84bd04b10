import { createDice, type Dice } from './dice.ts';

/** What can go wrong around the processes, or be done to them. */
export const faultKinds = [
  'crash',
  'crash-for-good',
  'stop',
  'stall',
  'clock-back',
  'clock-forward',
  'disk-full',
  'store-away',
  'slow-disk',
  'connection-lost',
  'append-conflict',
  'append-unknown',
  'append-failed',
  'late-read',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export const targetFates = [
  'success',
  'hang',
  'reset',
  'drip',
  'late',
  '410',
  '429',
  '404',
  '500',
] as const;
export type TargetFate = (typeof targetFates)[number];

/** What a seed stands for. */
export interface HistoryOptions {
  readonly seed: number;
  readonly steps: number;
  readonly nodes: number;
  /** Wall clock at the beginning. */
  readonly start: string;
  readonly skewsMs: readonly number[];
  readonly faults: ReadonlySet<FaultKind>;
  readonly targets: Readonly<Record<TargetFate, number>>;
  /** Per step. */
  readonly rates: {
    readonly command: number;
    readonly delivery: number;
    readonly fault: number;
    readonly time: number;
  };
  readonly limits: {
    readonly running: number;
    readonly reactions: number;
    readonly leaseMarginMs: number;
    readonly checkpointEvents: number;
    readonly checkpointMs: number;
    readonly replayPage: number;
  };
  /** Entities that a process remembers. */
  readonly cacheSize: number;
  readonly zone: string;
}

/** Shortly before clocks are changed, and where nothing is special. */
const beginnings: readonly (readonly [zone: string, start: string])[] = [
  ['Europe/Berlin', '2026-03-29T00:57:00.000Z'],
  ['Europe/Berlin', '2026-10-25T00:57:00.000Z'],
  ['America/New_York', '2026-03-08T06:57:00.000Z'],
  ['Australia/Lord_Howe', '2026-04-04T14:57:00.000Z'],
  ['Etc/UTC', '2026-06-15T12:00:00.000Z'],
  ['Etc/UTC', '2028-02-28T23:58:00.000Z'],
];

const half = <T>(dice: Dice, all: readonly T[]): ReadonlySet<T> =>
  new Set(all.filter(() => dice.happens(0.5)));

const moods = (dice: Dice): HistoryOptions['targets'] => ({
  success: dice.between(2, 30),
  ...(Object.fromEntries(
    targetFates.slice(1).map((fate) => [fate, dice.happens(0.5) ? dice.between(1, 4) : 0]),
  ) as Omit<HistoryOptions['targets'], 'success'>),
});

/** Each seed tries a world of its own: half of the faults, and rates and sizes as they fall. */
export const optionsOf = (seed: number): HistoryOptions => {
  const dice = createDice(seed).fork('options');
  const nodes = dice.pick([1, 1, 2, 2, 3]);
  const [zone, start] = dice.pick(beginnings);
  return {
    seed,
    steps: dice.between(200, 320),
    nodes,
    start,
    skewsMs: Array.from({ length: nodes }, () => (dice.happens(0.5) ? 0 : dice.between(-900, 900))),
    faults: half(dice, faultKinds),
    targets: moods(dice),
    rates: {
      command: dice.pick([0.02, 0.06, 0.12]),
      delivery: dice.pick([0.03, 0.1, 0.2]),
      fault: dice.pick([0.005, 0.02, 0.05]),
      time: dice.pick([0.02, 0.08, 0.2]),
    },
    limits: {
      running: dice.pick([1, 3, 1_024]),
      reactions: dice.pick([1, 4, 1_024]),
      leaseMarginMs: dice.pick([1_000, 5_000, 30_000]),
      checkpointEvents: dice.pick([3, 25, 50_000]),
      checkpointMs: dice.pick([2_000, 20_000, 60_000]),
      replayPage: dice.pick([1, 4, 200]),
    },
    cacheSize: dice.pick([1, 8, 10_000]),
    zone,
  };
};
