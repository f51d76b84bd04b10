import { systemChance } from '../../domain/chance.ts';
import { type Clock, systemClock } from '../../domain/clock.ts';

export interface EsdbTuning {
  readonly clock: Clock;
  /** In [0, 1), for jitter. */
  readonly random: () => number;
  readonly newId: () => string;
  /** How long the server may take to answer a first call on a new connection. */
  readonly connectTimeoutMs: number;
  /** How long one try of an append may take; the server is told to give up a little earlier. */
  readonly appendTimeoutMs: number;
  /** How long a read may go without a further event. */
  readonly readTimeoutMs: number;
  /** No new try begins later than this after the first. */
  readonly giveUpAfterMs: number;
  readonly maxBackoffMs: number;
}

export const standardTuning: EsdbTuning = {
  clock: systemClock,
  random: systemChance.random,
  newId: systemChance.newId,
  connectTimeoutMs: 5_000,
  appendTimeoutMs: 5_000,
  readTimeoutMs: 10_000,
  giveUpAfterMs: 15_000,
  maxBackoffMs: 2_000,
};
