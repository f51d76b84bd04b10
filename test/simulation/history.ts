import type { StoredEvent } from '../../src/domain/recorded.ts';
import { banAmbient } from './ambient-ban.ts';
import { letItRest } from './calm.ts';
import { type Cast, createCast } from './cast.ts';
import { makeChaos } from './chaos.ts';
import { sayFarewell } from './farewell.ts';
import { openScene } from './opening.ts';

export interface HistoryResult {
  readonly seed: number;
  readonly steps: number;
  /** Of everything that happened. */
  readonly hash: string;
  /** Promises that did not hold, in sentences. */
  readonly broken: readonly string[];
  /** The last lines of what happened. */
  readonly tail: readonly string[];
  readonly counters: ReadonlyMap<string, number>;
  readonly log: readonly StoredEvent[];
}

export interface HistoryRequest {
  readonly seed: number;
  /** The last step that is made; the history ends there, checked as far as that goes. */
  readonly until?: number | undefined;
  /** Lines of the trace that are kept. */
  readonly keep?: number | undefined;
}

const live = async (cast: Cast): Promise<void> => {
  const { pace } = cast;
  await openScene(cast);
  await makeChaos(cast);
  if (pace.goesOn()) await letItRest(cast);
  if (pace.goesOn()) await sayFarewell(cast);
};

/** One history: chaos, then calm, then rest. The same seed gives the same history. */
export const runHistory = async ({
  seed,
  until = Number.POSITIVE_INFINITY,
  keep = 30,
}: HistoryRequest): Promise<HistoryResult> => {
  const cast = createCast(seed, until, keep);
  const { world, pace, log } = cast;
  const unheard = (error: unknown): void => world.breaks(`nobody hears of ${String(error)}`);
  process.on('unhandledRejection', unheard);
  const lift = banAmbient();
  try {
    await live(cast);
  } finally {
    lift();
    process.off('unhandledRejection', unheard);
  }
  return {
    seed,
    steps: pace.step,
    hash: world.trace.hash(),
    broken: world.broken,
    tail: world.trace.tail,
    counters: world.counters.all,
    log,
  };
};
