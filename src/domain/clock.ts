/** Time comes in from outside, so that tests can own it. */
export interface Clock {
  /** Wall clock, milliseconds since 1970: for due times and what people read. */
  now(): number;
  /** Monotonic milliseconds: for durations, deadlines and leases. */
  elapsed(): number;
  /** Runs `task` once after `delayMs` (at most 60 s); the answer takes it back. */
  after(delayMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, Math.min(delayMs, 60_000));
    return () => clearTimeout(timer);
  },
};

export const isoOf = (ms: number): string => new Date(ms).toISOString();
