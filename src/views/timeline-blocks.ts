import type Database from 'better-sqlite3';
import { type TimelineBlock, timeline } from '../../projections/timeline.ts';
import { createDocumentText, type DocumentRow } from './document-text.ts';
import { positionIn, quoted } from './find-statement.ts';
import { tableName } from './table-layout.ts';
import type { AuditQuery } from './views.ts';

/** Sorts behind every position and every instant. */
const last = '~';

/** The part of the log an audit query is about; positions and instants as text, all inclusive but the first two. */
export interface TimelineBounds {
  readonly above: string;
  readonly below: string;
  readonly from: string;
  readonly to: string;
  readonly fromTime: string;
  readonly toTime: string;
}

export const boundsOf = (query: AuditQuery): TimelineBounds => {
  const cursor = query.after === undefined ? undefined : positionIn(query.after);
  return {
    above: query.order === 'asc' ? (cursor ?? '') : '',
    below: query.order === 'desc' ? (cursor ?? last) : last,
    from: query.fromPosition ?? '',
    to: query.toPosition ?? last,
    fromTime: query.fromTime ?? '',
    toTime: query.toTime ?? last,
  };
};

export const isWithin = (position: string, { above, below, from, to }: TimelineBounds): boolean =>
  position > above && position < below && position >= from && position <= to;

/** A few blocks at a time, in log order or against it. */
export const openTimelineBlocks = (db: Database.Database) => {
  const { documentIn } = createDocumentText<TimelineBlock>({
    columns: timeline.columns ?? [],
  });
  const table = quoted(tableName(timeline.name, timeline.version));
  const select = (order: string) =>
    db.prepare(`
      SELECT * FROM ${table}
      WHERE lastPosition > @above AND position < @below
        AND lastPosition >= @from AND position <= @to
        AND lastTime >= @fromTime AND firstTime <= @toTime
      ORDER BY ${order} LIMIT 32`);
  const forwards = select('lastPosition ASC');
  const backwards = select('position DESC');
  return (order: AuditQuery['order'], bounds: TimelineBounds): TimelineBlock[] => {
    const rows = (order === 'asc' ? forwards : backwards).all(bounds) as DocumentRow[];
    return rows.map(documentIn);
  };
};

export type TimelineBlocks = ReturnType<typeof openTimelineBlocks>;
