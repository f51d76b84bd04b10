import { type OpenReplay, openReplays } from '../../projections/open-replays.ts';
import type { AnyProjection } from '../../projections/projection.ts';
import { type QueueEntry, queue } from '../../projections/queue.ts';
import { type RegistryEntry, registry } from '../../projections/registry.ts';
import { type ScheduleEntry, schedules } from '../../projections/schedules.ts';
import { isKnown } from '../domain/events.ts';
import type { Logger } from '../domain/logger.ts';
import { beginning, type Position } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import { SlotMap } from '../domain/slot-map.ts';
import { carefully, foldOf } from './fold.ts';

/** What became of one document; `undefined` before: new, `undefined` after: deleted. */
export type OnChange<Document> = (
  key: string,
  before: Document | undefined,
  after: Document | undefined,
) => void;

/** Documents that changed, `null` for those deleted. */
export type Changes<Document> = readonly (readonly [key: string, document: Document | null])[];

/** The hot views as of `position`, less what the capture at `since` and those before it have. */
export interface Capture {
  /** `beginning`: everything is in this one. */
  readonly since: Position;
  readonly position: Position;
  /** Of the event at `position`: tells a log from another one of the same length. */
  readonly eventId: string | null;
  readonly changed: {
    readonly registry: Changes<RegistryEntry>;
    readonly queue: Changes<QueueEntry>;
    readonly schedules: Changes<ScheduleEntry>;
    readonly openReplays: Changes<OpenReplay>;
  };
}

/** The documents of a view by key. */
export interface Documents<Document> extends Iterable<readonly [key: string, document: Document]> {
  readonly size: number;
  get(key: string): Document | undefined;
  keys(): Iterable<string>;
  values(): Iterable<Document>;
}

/** The hot views in full, as they were saved. */
export interface Snapshot {
  readonly position: Position;
  readonly eventId: string | null;
  readonly registry: Documents<RegistryEntry>;
  readonly queue: Documents<QueueEntry>;
  readonly schedules: Documents<ScheduleEntry>;
  readonly openReplays: Documents<OpenReplay>;
}

export interface HotViewsOptions {
  readonly snapshot?: Snapshot | undefined;
  readonly log: Logger;
  /**
   * Called within `apply`, for whoever keeps an index; not for what the snapshot brought. An event
   * whose document it throws on is set aside: the document stays as it was.
   */
  readonly onRegistry?: OnChange<RegistryEntry> | undefined;
  readonly onQueue?: OnChange<QueueEntry> | undefined;
  readonly onSchedule?: OnChange<ScheduleEntry> | undefined;
  readonly onReplay?: OnChange<OpenReplay> | undefined;
}

export interface HotViews {
  readonly registry: Documents<RegistryEntry>;
  readonly queue: Documents<QueueEntry>;
  readonly schedules: Documents<ScheduleEntry>;
  readonly openReplays: Documents<OpenReplay>;
  /** Of the last event applied. */
  readonly position: Position;
  readonly eventId: string | null;
  /** Events of types this release does not know. */
  readonly skipped: number;
  /** Events a fold choked on; each was left out of that view, with an alarm. */
  readonly poisoned: number;
  /** Folds the next events of the log. Documents are replaced, never changed. */
  apply(events: readonly StoredEvent[]): void;
  /** What is to be saved to bring the last capture up to here. */
  capture(): Capture;
  /** A capture could not be saved: the next one begins anew and has everything. */
  putBack(): void;
}

const createView = <Document>(
  projection: AnyProjection<Document>,
  documents: SlotMap<Document>,
  onChange: OnChange<Document> | undefined,
  log: Logger,
) => {
  const fold = carefully(projection.name, foldOf(projection), log);
  /** Of what changed since the last capture: whether there was such a document then. */
  const dirty = new Map<string, boolean>();

  const mark = (key: string, was: boolean, is: boolean): void => {
    const captured = dirty.get(key) ?? was;
    // What came and went in between needs no word.
    if (captured || is) dirty.set(key, captured);
    else dirty.delete(key);
  };

  const put = (key: string, document: Document | undefined): void => {
    if (document === undefined) documents.delete(key);
    else documents.set(key, document);
  };

  return {
    documents,
    poisoned: () => fold.poisoned(),
    apply: (event: StoredEvent): void => {
      if (!fold.takes(event)) return;
      const key = fold.key(event, 0);
      if (key === undefined) return;
      const before = documents.get(key);
      const after = fold.evolve(before, event, 0);
      if (before === after) return;
      put(key, after);
      try {
        onChange?.(key, before, after);
        mark(key, before !== undefined, after !== undefined);
      } catch (error) {
        put(key, before);
        fold.setAside(event, error);
      }
    },
    capture: (whole: boolean): Changes<Document> => {
      const keys = whole ? documents.keys() : dirty.keys();
      const changes = [...keys].map((key) => [key, documents.get(key) ?? null] as const);
      dirty.clear();
      return changes;
    },
  };
};

/** The views every decision of the engine needs: all of them in memory, folded by the engine's own loop. */
export const createHotViews = (options: HotViewsOptions): HotViews => {
  const { snapshot, log } = options;
  const registered = createView(registry, new SlotMap(snapshot?.registry), options.onRegistry, log);
  const unfinished = createView(queue, new SlotMap(snapshot?.queue), options.onQueue, log);
  const planned = createView(schedules, new SlotMap(snapshot?.schedules), options.onSchedule, log);
  const replayed = createView(
    openReplays,
    new SlotMap(snapshot?.openReplays),
    options.onReplay,
    log,
  );
  let position = snapshot?.position ?? beginning;
  let eventId = snapshot?.eventId ?? null;
  let captured = position;
  let skipped = 0;

  return {
    registry: registered.documents,
    queue: unfinished.documents,
    schedules: planned.documents,
    openReplays: replayed.documents,
    get position() {
      return position;
    },
    get eventId() {
      return eventId;
    },
    get skipped() {
      return skipped;
    },
    get poisoned() {
      return (
        registered.poisoned() + unfinished.poisoned() + planned.poisoned() + replayed.poisoned()
      );
    },
    apply: (events) => {
      for (const event of events) {
        if (!isKnown(event)) skipped += 1;
        registered.apply(event);
        unfinished.apply(event);
        planned.apply(event);
        replayed.apply(event);
        position = event.position;
        eventId = event.id;
      }
    },
    capture: () => {
      const since = captured;
      captured = position;
      const whole = since === beginning;
      return {
        since,
        position,
        eventId,
        changed: {
          registry: registered.capture(whole),
          queue: unfinished.capture(whole),
          schedules: planned.capture(whole),
          openReplays: replayed.capture(whole),
        },
      };
    },
    putBack: () => {
      captured = beginning;
    },
  };
};
