import type { CronFields } from './cron-fields.ts';
import type { Lost, Rhythm } from './rhythm.ts';
import { countWallTimes, dayMs, nextWallTime } from './wall-time.ts';
import type { Segment, Zone } from './zone-segments.ts';

const opensWithChange = ({ start, changed }: Segment): boolean => start === changed;

const hasGap = (segment: Segment): boolean =>
  opensWithChange(segment) && segment.offset > segment.before;

/** A skipped day, as Samoa's 30 December 2011, is a date that is not there: nothing stands in. */
const skipsDay = ({ offset, before }: Segment): boolean => offset - before >= dayMs;

/** Calls `visit` for each segment that has to do with the time after `after` and up to `upTo`. */
const visitSegments = (
  zone: Zone,
  after: number,
  upTo: number,
  visit: (segment: Segment) => void,
): void => {
  let at = after;
  while (at <= upTo) {
    const segment = zone.segmentAt(at);
    visit(segment);
    at = segment.end;
  }
};

/**
 * A cron expression in a zone. Times of day (`fixedTime`) that a spring gap swallows tick once, at
 * the first instant after the gap; those that an autumn overlap repeats tick at the first of the
 * two. Every other expression runs through both, on whatever the clocks show.
 */
export const cronRhythm = (fields: CronFields, zone: Zone): Rhythm => {
  const inGap = (segment: Segment): number => {
    const { changed, before, offset } = segment;
    return hasGap(segment) ? countWallTimes(fields, changed + before - 1, changed + offset - 1) : 0;
  };
  const standsIn = (segment: Segment): boolean =>
    fields.fixedTime && hasGap(segment) && !skipsDay(segment) && inGap(segment) > 0;
  const matches = (wall: number): boolean => nextWallTime(fields, wall - 1) === wall;
  /** Wall times up to this one are over: before the segment, or shown a second time in it. */
  const wallBefore = ({ start, changed, before, offset }: Segment): number =>
    (fields.fixedTime ? Math.max(start + offset, changed + before) : start + offset) - 1;

  const isMoved = (tick: number): boolean => !matches(tick + zone.segmentAt(tick).offset);

  const firstWithin = (segment: Segment, after: number): number | undefined => {
    if (after < segment.start && standsIn(segment)) return segment.start + segment.offset;
    return nextWallTime(fields, Math.max(after + segment.offset, wallBefore(segment)));
  };
  const next = (after: number): number | null => {
    let cursor = Math.floor(after);
    for (;;) {
      const segment = zone.segmentAt(cursor + 1);
      const wall = firstWithin(segment, cursor);
      if (wall === undefined) return null;
      if (wall - segment.offset < segment.end) return wall - segment.offset;
      cursor = segment.end - 1;
    }
  };

  const count = (after: number, upTo: number): number => {
    let sum = 0;
    visitSegments(zone, after, upTo, (segment) => {
      const { start, end, offset } = segment;
      const from = Math.max(after + offset, wallBefore(segment));
      sum += countWallTimes(fields, from, Math.min(upTo, end - 1) + offset);
      if (after < start && standsIn(segment) && isMoved(start)) sum += 1;
    });
    return sum;
  };

  const gapOf = (segment: Segment): readonly Lost[] => {
    const runsThrough = fields.hours.size === 24;
    if (runsThrough || (fields.fixedTime && !skipsDay(segment))) return [];
    const lost = inGap(segment);
    const at = segment.start;
    return lost > 0 ? [{ reason: 'DST-gap', first: at, last: at, count: lost }] : [];
  };

  const repeatOf = ({ start, offset, before }: Segment): readonly Lost[] => {
    if (!fields.fixedTime) return [];
    const repeats: number[] = [];
    const end = start + before;
    let wall = nextWallTime(fields, start + offset - 1);
    while (wall !== undefined && wall < end) {
      repeats.push(wall - offset);
      wall = nextWallTime(fields, wall);
    }
    const [first, ...others] = repeats;
    if (first === undefined) return [];
    return [{ reason: 'DST-repeat', first, last: others.at(-1) ?? first, count: repeats.length }];
  };

  const lost = (after: number, upTo: number): readonly Lost[] => {
    const all: Lost[] = [];
    visitSegments(zone, after, upTo, (segment) => {
      if (!opensWithChange(segment) || segment.start <= after) return;
      all.push(...(hasGap(segment) ? gapOf(segment) : repeatOf(segment)));
    });
    return all;
  };

  return { next, count, isMoved, lost };
};
