import { createMemo } from '../domain/memo.ts';

/** A stretch of time in which the clocks of a zone are not changed: wall time is instant + offset. */
export interface Segment {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly offset: number;
  /** When the clocks were last changed, where that was at `start` or shortly before it. */
  readonly changed: number;
  /** The offset up to `changed`. */
  readonly before: number;
}

export interface Zone {
  segmentAt(instant: number): Segment;
}

const dayMs = 86_400_000;
/** Segments are also cut at multiples of this, so that each look-up is bounded. */
const chunkMs = 400 * dayMs;
/** No change of clocks casts its shadow further than this. */
const shadowMs = 2 * dayMs;
const mostChunks = 128;

type OffsetAt = (instant: number) => number;

/** Throws a RangeError where there is no such zone. */
const offsetsOf = (name: string): OffsetAt => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  return (instant) => {
    const found = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(format.format(instant));
    if (!found) return 0;
    const [, sign, hours, minutes, seconds = 0] = found;
    const size = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
    return size * (sign === '-' ? -1_000 : 1_000);
  };
};

/** The second at which the offset becomes another one; it does so once between `from` and `to`. */
const changeBetween = (offsetAt: OffsetAt, from: number, to: number): number => {
  const old = offsetAt(from);
  let low = from / 1_000;
  let high = to / 1_000;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * 1_000) === old) low = middle;
    else high = middle;
  }
  return high * 1_000;
};

/** The segments between two instants; exported for its law about changes shortly before `from`. */
export const segmentsOf = (offsetAt: OffsetAt, from: number, to: number): readonly Segment[] => {
  const segments: Segment[] = [];
  let start = from - shadowMs;
  let offset = offsetAt(start);
  let [changed, before] = [-Infinity, offset];
  const close = (end: number): void => {
    if (end > from) segments.push({ start: Math.max(start, from), end, offset, changed, before });
  };
  for (let day = start; day < to; day += dayMs) {
    const until = Math.min(day + dayMs, to);
    const later = offsetAt(until);
    if (later === offset) continue;
    const change = changeBetween(offsetAt, day, until);
    if (change >= to) break;
    close(change);
    [start, changed, before, offset] = [change, change, offset, later];
  }
  close(to);
  return segments;
};

const createZone = (name: string): Zone => {
  const segmentsIn = createMemo(mostChunks, (chunk: number) =>
    segmentsOf(offsetsOf(name), chunk * chunkMs, (chunk + 1) * chunkMs),
  );
  return {
    segmentAt: (instant) => {
      const segment = segmentsIn(Math.floor(instant / chunkMs)).find(({ end }) => instant < end);
      if (!segment) throw new Error(`no segment of ${name} at ${instant}`);
      return segment;
    },
  };
};

const always: Segment = {
  start: -Infinity,
  end: Infinity,
  offset: 0,
  changed: -Infinity,
  before: 0,
};
const utc: Zone = { segmentAt: () => always };

/** False for offsets such as `+02:00`: they are no zones, and only later releases of Node take them. */
export const isZone = (name: string): boolean => {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false;
  try {
    return offsetsOf(name) !== undefined;
  } catch {
    return false;
  }
};

/** There are some 600, and a process never sees other data of them than it was started with. */
const mostZones = 1_000;

const zoneSpelled = createMemo(mostZones, (key: string) => (key === 'utc' ? utc : createZone(key)));

/** The zone of an IANA name that `isZone` holds good. */
export const zoneOf = (name: string): Zone => zoneSpelled(name.toLowerCase());
