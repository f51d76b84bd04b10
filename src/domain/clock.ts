/** Time comes in from outside, so that tests can own it. */
export interface Clock {
  /** Wall clock, milliseconds since 1970: for due times and what people read. */
  now(): number;
  /** Monotonic milliseconds: for durations, deadlines and leases. */
  elapsed(): number;
  /** Runs `task` once after `delayMs` (at most 60 s); the answer takes it back. */
  after(delayMs: number, task: () => void): () => void;
  /** Runs `task` once other work has had its turn; the answer takes it back. */
  soon(task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, Math.min(delayMs, 60_000));
    return () => clearTimeout(timer);
  },
  soon: (task) => {
    const turn = setImmediate(task);
    return () => clearImmediate(turn);
  },
};

/** The same, where waiting goes by what passes, whatever the wall clock is set to. */
export const monotonic = (clock: Clock): Clock => ({ ...clock, now: () => clock.elapsed() });

/** The beginnings of instants asked for lately, each up to the point before its milliseconds. */
const seconds = 64;
const known = new Float64Array(seconds).fill(Number.NaN);
const beginnings: string[] = Array(seconds).fill('');

/** As `Date` writes it; several times per event, and mostly within the same few seconds. */
export const isoOf = (ms: number): string => {
  const whole = Math.trunc(ms);
  const second = Math.floor(whole / 1_000);
  const place = second & (seconds - 1);
  if (known[place] !== second) {
    beginnings[place] = new Date(whole).toISOString().slice(0, -4);
    known[place] = second;
  }
  const rest = whole - second * 1_000;
  return `${beginnings[place]}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`;
};
