import type { ColdName, DocumentOf } from '../../projections/index.ts';
import type { TimelineFilter } from '../../projections/timeline.ts';
import type { Position } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { Capture, Snapshot } from './hot-views.ts';

export type Order = 'asc' | 'desc';

/** Inclusive, both ends; what is `above` a value lies behind it. */
export interface Range {
  readonly column: string;
  readonly from?: string;
  readonly to?: string;
  readonly above?: string;
}

export interface FindQuery {
  /** By the columns the projection declares; `null` finds those without a value, a list any of it. */
  readonly where?: Readonly<Record<string, string | number | null | readonly string[]>> | undefined;
  readonly between?: Range | readonly Range[] | undefined;
  /** By the column `position`. */
  readonly order: Order;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface FoundPage<Document> {
  readonly documents: readonly Document[];
  readonly next: string | null;
}

export interface AuditQuery extends TimelineFilter {
  /** Inclusive, both. */
  readonly fromPosition?: Position | undefined;
  readonly toPosition?: Position | undefined;
  readonly order: Order;
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface AuditPage {
  readonly events: readonly StoredEvent[];
  /** Null at the end. A page may be short, even empty, and still have a next one. */
  readonly next: string | null;
}

export interface ViewStatus {
  readonly name: string;
  readonly version: number;
  /** Of the last event folded. */
  readonly position: Position;
  /** A view that is being built answers from its last version, if it has one. */
  readonly state: 'building' | 'serving';
  /** Events set aside because its fold threw on them, since the process started. */
  readonly poisoned: number;
}

/** Where a thread finds the log, and the database of the views. */
export interface SharedViews {
  readonly url: string;
  readonly dataDir: string;
  readonly prefix: string | undefined;
  readonly file: string;
}

/**
 * The views kept on disk. What they answer is never ahead of the log and, once `reached(p)` has
 * resolved, never behind p. Nor is it behind what a question names as `seen`, unless its view is
 * being rebuilt: then the version before answers, as it was left. Errors: `store-unavailable`
 * (five seconds behind, being built, or closed), `validation-failed` (a cursor or column that does
 * not exist), whatever the log's store says.
 */
export interface Views {
  /** Where other threads find the log and this database; undefined where they cannot. */
  readonly shared: SharedViews | undefined;
  /** Rejects with `store-unavailable` when `deadlineMs` (5 000) pass first. */
  reached(position: Position, deadlineMs?: number): Promise<void>;
  get<Name extends ColdName>(
    projection: Name,
    key: string,
    seen?: Position,
  ): Promise<DocumentOf<Name> | undefined>;
  find<Name extends ColdName>(
    projection: Name,
    query: FindQuery,
    seen?: Position,
  ): Promise<FoundPage<DocumentOf<Name>>>;
  /** How many documents there are, or are so; for views of few, or what an index finds. */
  count(
    projection: ColdName,
    query?: Pick<FindQuery, 'where' | 'between'>,
    seen?: Position,
  ): Promise<number>;
  audit(query: AuditQuery, seen?: Position): Promise<AuditPage>;
  /** Undefined: there is none that fits this log and this release; begin at the beginning. */
  loadSnapshot(): Promise<Snapshot | undefined>;
  /**
   * All or nothing. Rejects with `conflict` where the capture does not continue what is saved;
   * after any rejection `putBack()` makes the next capture whole.
   */
  saveSnapshot(capture: Capture): Promise<void>;
  stats(): Promise<readonly ViewStatus[]>;
  close(): Promise<void>;
}
