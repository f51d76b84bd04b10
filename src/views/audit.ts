import {
  blockMayHold,
  blockSize,
  eventMatches,
  type TimelineBlock,
} from '../../projections/timeline.ts';
import { asPosition } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { EventReader } from '../store/index.ts';
import { cursorOf } from './find-statement.ts';
import { boundsOf, isWithin, type TimelineBlocks, type TimelineBounds } from './timeline-blocks.ts';
import type { AuditPage, AuditQuery } from './views.ts';

/** What one call may cost; beyond it the page is short and the next one goes on. */
const maxBlocksRead = 64;
const maxBlocksLookedAt = 8_192;

const readBlock = async (
  reader: Pick<EventReader, 'readAll'>,
  block: TimelineBlock,
): Promise<readonly StoredEvent[]> => {
  const from = asPosition(block.position);
  const events = await reader.readAll({ from, maxCount: blockSize });
  return events.filter(({ position }) => position <= block.lastPosition);
};

const beyond = (bounds: TimelineBounds, order: AuditQuery['order'], block: TimelineBlock) =>
  order === 'asc' ? { ...bounds, above: block.lastPosition } : { ...bounds, below: block.position };

/** The blocks within bounds, fetched as they are needed. */
function* walk(blocks: TimelineBlocks, order: AuditQuery['order'], bounds: TimelineBounds) {
  for (let rest = bounds; ; ) {
    const page = blocks(order, rest);
    const last = page.at(-1);
    if (last === undefined) return;
    yield* page;
    rest = beyond(rest, order, last);
  }
}

const matchesIn = async (
  reader: Pick<EventReader, 'readAll'>,
  block: TimelineBlock,
  bounds: TimelineBounds,
  query: AuditQuery,
): Promise<readonly StoredEvent[]> => {
  const events = (await readBlock(reader, block)).filter(
    (event) => isWithin(event.position, bounds) && eventMatches(event, query),
  );
  return query.order === 'asc' ? events : events.reverse();
};

/**
 * The events of the log that answer the query, as far as the timeline has come. It says which runs
 * of the log can hold one; whether an event does is seen on the event itself.
 */
export const audit = async (
  reader: Pick<EventReader, 'readAll'>,
  blocks: TimelineBlocks,
  query: AuditQuery,
): Promise<AuditPage> => {
  const { order, limit } = query;
  const bounds = boundsOf(query);
  const found: StoredEvent[] = [];
  let lookedAt = 0;
  let read = 0;
  for (const block of walk(blocks, order, bounds)) {
    lookedAt += 1;
    if (blockMayHold(block, query)) {
      read += 1;
      found.push(...(await matchesIn(reader, block, bounds, query)));
    }
    if (found.length > limit) {
      const events = found.slice(0, limit);
      return { events, next: cursorOf(events.at(-1)?.position ?? '') };
    }
    if (read >= maxBlocksRead || lookedAt >= maxBlocksLookedAt) {
      const end = order === 'asc' ? block.lastPosition : block.position;
      return { events: found, next: cursorOf(end) };
    }
  }
  return { events: found, next: null };
};
