import type { Clock } from '../../src/domain/clock.ts';
import type { ParkingLot } from './parking-lot.ts';

/** The time of all: it passes only when the driver says so. */
export interface WorldTime {
  /** Milliseconds since the history began. */
  readonly elapsed: number;
  /** What clocks on walls show; they can be set. */
  readonly wall: number;
  pass(ms: number): void;
  set(byMs: number): void;
}

export const createWorldTime = (start: number): WorldTime => {
  let elapsed = 0;
  let wall = start;
  return {
    get elapsed() {
      return elapsed;
    },
    get wall() {
      return wall;
    },
    pass(ms) {
      elapsed += ms;
      wall += ms;
    },
    set(byMs) {
      wall += byMs;
    },
  };
};

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
}

/** The clock of one run of a process. */
export interface NodeClock extends Clock {
  /** When its next alarm goes off, in elapsed time. */
  readonly nextAt: number | undefined;
  /** Lets the first alarm go off. */
  ring(): void;
  stop(): void;
  readonly alarms: number;
}

const first = (alarms: ReadonlySet<Alarm>): Alarm | undefined => {
  let found: Alarm | undefined;
  for (const alarm of alarms)
    if (
      found === undefined ||
      alarm.at < found.at ||
      (alarm.at === found.at && alarm.order < found.order)
    )
      found = alarm;
  return found;
};

export const createNodeClock = (
  time: WorldTime,
  lot: ParkingLot,
  owner: string,
  skewMs: number,
): NodeClock => {
  const alarms = new Set<Alarm>();
  let orders = 0;
  return {
    now: () => time.wall + skewMs,
    elapsed: () => time.elapsed,
    after(delayMs, task) {
      orders += 1;
      // As the platform's timers do: whole milliseconds, and never less than one.
      const at = time.elapsed + Math.max(1, Math.trunc(Math.min(delayMs, 60_000)));
      const alarm = { at, order: orders, task };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    soon(task) {
      let taken = false;
      const go = (): void => {
        if (!taken) task();
      };
      lot.park({ owner, label: `${owner} turn`, line: `${owner}/turns`, go });
      return () => {
        taken = true;
      };
    },
    get nextAt() {
      return first(alarms)?.at;
    },
    ring() {
      const alarm = first(alarms);
      if (alarm === undefined) return;
      alarms.delete(alarm);
      alarm.task();
    },
    stop: () => alarms.clear(),
    get alarms() {
      return alarms.size;
    },
  };
};
