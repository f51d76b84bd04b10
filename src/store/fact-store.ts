import { factIndexOf, type Position, recordPositionOf } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { EventReader } from './event-reader.ts';
import type { ReadAllOptions, SubscribeOptions } from './event-store.ts';
import { readsOurs } from './own-records.ts';
import { factsIn } from './record.ts';
import { upcast } from './upcasters.ts';

type Reads = Pick<EventReader, 'readStream' | 'readAll' | 'subscribeAll'>;

const isPlace = (from: Position | 'start' | 'end' | undefined): from is Position =>
  from !== undefined && from !== 'start' && from !== 'end';

type Unpacked = (
  records: readonly StoredEvent[],
  backwards?: boolean,
  enough?: number,
) => readonly StoredEvent[];

/** Whole records, until there are `enough` facts: what is not needed is not parsed. */
const unpackedBy =
  (bringUp: (fact: StoredEvent) => StoredEvent): Unpacked =>
  (records, backwards = false, enough = Number.POSITIVE_INFINITY) => {
    const facts: StoredEvent[] = [];
    for (const record of records) {
      const inside = factsIn(record);
      for (let at = 0; at < inside.length; at += 1) {
        facts.push(bringUp(inside[backwards ? inside.length - 1 - at : at] as StoredEvent));
      }
      if (facts.length >= enough) break;
    }
    return facts;
  };

const asOfToday = unpackedBy(upcast);

/** A record as everything above the stores sees it. */
export const readRecord = (record: StoredEvent): readonly StoredEvent[] => asOfToday([record]);

/** Followers are handed the same batch one after the other: it is unpacked for the first of them. */
const onceForAll = (unpacked: Unpacked) => {
  let last: readonly StoredEvent[] = [];
  let facts: readonly StoredEvent[] = [];
  return (batch: readonly StoredEvent[]): readonly StoredEvent[] => {
    if (batch !== last) facts = unpacked(batch);
    last = batch;
    return facts;
  };
};

const readForwards = async (
  records: Pick<Reads, 'readAll'>,
  unpacked: Unpacked,
  options: ReadAllOptions,
): Promise<readonly StoredEvent[]> => {
  const { from, maxCount } = options;
  if (!isPlace(from)) return unpacked(await records.readAll(options), false, maxCount);
  const page = await records.readAll({ ...options, from: recordPositionOf(from) });
  // Those before the place are none of the page.
  const facts = unpacked(page, false, maxCount && maxCount + factIndexOf(from));
  return page[0]?.position === from ? facts : facts.filter(({ position }) => position >= from);
};

/** A place within a record has earlier facts of the same record before it. */
const readBackwards = async (
  records: Pick<Reads, 'readAll'>,
  unpacked: Unpacked,
  options: ReadAllOptions,
): Promise<readonly StoredEvent[]> => {
  const { from, maxCount } = options;
  if (!isPlace(from)) return unpacked(await records.readAll(options), true, maxCount);
  const record = recordPositionOf(from);
  const started = record === from ? [] : await records.readAll({ from: record, maxCount: 1 });
  const within = unpacked(started, true).filter(({ position }) => position < from);
  const enough = maxCount === undefined ? undefined : maxCount - within.length;
  if (enough !== undefined && enough <= 0) return within;
  const before = await records.readAll({ ...options, from: record });
  return [...within, ...unpacked(before, true, enough)];
};

const recordBefore = (options: SubscribeOptions): SubscribeOptions =>
  isPlace(options.from) ? { from: recordPositionOf(options.from) } : options;

/**
 * The reading edge: stores keep records, everything above sees facts. Those that are ours are unpacked
 * and brought to this release's versions here and nowhere else. A page holds whole records, so it may have some
 * facts more than asked for; only where a read begins within a record is a part of one left out.
 */
export const readsFacts = <Reader extends Reads>(stored: Reader, bringUp = upcast): Reader => {
  const records = readsOurs(stored);
  const unpacked = unpackedBy(bringUp);
  const followed = onceForAll(unpacked);
  const facts: Reads = {
    readStream: async (stream, options = {}) =>
      unpacked(await records.readStream(stream, options), options.direction === 'backwards'),
    readAll: (options = {}) =>
      options.direction === 'backwards'
        ? readBackwards(records, unpacked, options)
        : readForwards(records, unpacked, options),
    subscribeAll: (options, handlers) =>
      records.subscribeAll(recordBefore(options), {
        ...handlers,
        onEvents: (batch) => handlers.onEvents(followed(batch)),
      }),
  };
  return { ...records, ...facts };
};
