import type { Clock } from '../domain/clock.ts';
import { Heap } from './heap.ts';

interface Appointment<T> {
  readonly atMs: number;
  readonly item: T;
}

/**
 * Hands out items when their time has come by `clock.now()`, in order of time. One timer for all of
 * them; it never sleeps longer than a minute, so that neither a long delay nor a changed clock goes
 * unnoticed.
 */
export interface DueIndex<T> {
  /** One time per item: a later call moves it. */
  set(item: T, atMs: number): void;
  delete(item: T): void;
  readonly size: number;
  stop(): void;
}

const longestSleepMs = 60_000;
/** So many outdated appointments may lie about besides as many as there are current ones. */
const litter = 1_024;

const heapOf = <T>(appointments: Iterable<Appointment<T>>): Heap<Appointment<T>> => {
  const heap = new Heap<Appointment<T>>(({ atMs }) => atMs);
  for (const appointment of appointments) heap.push(appointment);
  return heap;
};

export const createDueIndex = <T>(clock: Clock, onDue: (item: T) => void): DueIndex<T> => {
  let heap = heapOf<T>([]);
  const current = new Map<T, Appointment<T>>();
  /** By what has passed: a clock that is set does not move the timer. */
  let wakesAt = Number.POSITIVE_INFINITY;
  let cancelTimer: () => void = () => {};
  let stopped = false;

  /** What was moved or deleted stays in the heap until it comes up. */
  const next = (): Appointment<T> | undefined => {
    for (;;) {
      const first = heap.peek();
      if (first === undefined || current.get(first.item) === first) return first;
      heap.pop();
    }
  };

  const arm = (): void => {
    const first = stopped ? undefined : next();
    if (first === undefined) return;
    const delay = Math.min(longestSleepMs, Math.max(0, first.atMs - clock.now()));
    const at = clock.elapsed() + delay;
    if (at >= wakesAt) return;
    cancelTimer();
    wakesAt = at;
    cancelTimer = clock.after(delay, wake);
  };

  const wake = (): void => {
    wakesAt = Number.POSITIVE_INFINITY;
    const now = clock.now();
    for (let first = next(); first !== undefined && first.atMs <= now; first = next()) {
      heap.pop();
      current.delete(first.item);
      onDue(first.item);
    }
    arm();
  };

  return {
    set(item, atMs) {
      const appointment = { atMs, item };
      current.set(item, appointment);
      heap.push(appointment);
      if (heap.size > 2 * current.size + litter) heap = heapOf(current.values());
      arm();
    },
    delete(item) {
      current.delete(item);
    },
    get size() {
      return current.size;
    },
    stop() {
      stopped = true;
      cancelTimer();
      current.clear();
    },
  };
};
