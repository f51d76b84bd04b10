import type { AnyProjection } from '../../projections/projection.ts';
import { type QueueEntry, queue } from '../../projections/queue.ts';
import { type RegistryEntry, registry } from '../../projections/registry.ts';
import { isKnown } from '../domain/events.ts';
import type { Logger } from '../domain/logger.ts';
import { beginning, type Position } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import { carefully, foldOf } from './fold.ts';

/** What became of one document; `undefined` before: new, `undefined` after: deleted. */
export type OnChange<Document> = (
  key: string,
  before: Document | undefined,
  after: Document | undefined,
) => void;

/** Documents that changed, `null` for those deleted. */
export type Changes<Document> = readonly (readonly [key: string, document: Document | null])[];

/** The hot views as of `position`, less what earlier captures have. */
export interface Capture {
  readonly position: Position;
  readonly changed: {
    readonly registry: Changes<RegistryEntry>;
    readonly queue: Changes<QueueEntry>;
  };
}

/** The hot views in full, as they were saved. */
export interface Snapshot {
  readonly position: Position;
  readonly registry: ReadonlyMap<string, RegistryEntry>;
  readonly queue: ReadonlyMap<string, QueueEntry>;
}

export interface HotViewsOptions {
  readonly snapshot?: Snapshot | undefined;
  readonly log: Logger;
  /** Called within `apply`, for whoever keeps an index; not for what the snapshot brought. */
  readonly onRegistry?: OnChange<RegistryEntry> | undefined;
  readonly onQueue?: OnChange<QueueEntry> | undefined;
}

export interface HotViews {
  readonly registry: ReadonlyMap<string, RegistryEntry>;
  readonly queue: ReadonlyMap<string, QueueEntry>;
  /** Of the last event applied. */
  readonly position: Position;
  /** Events of types this release does not know. */
  readonly skipped: number;
  /** Events a fold choked on; each was left out of that view, with an alarm. */
  readonly poisoned: number;
  /** Folds the next events of the log. Documents are replaced, never changed. */
  apply(events: readonly StoredEvent[]): void;
  /** What is to be saved to bring the last capture up to here. */
  capture(): Capture;
  /** Takes back a capture that could not be saved: the next one has its documents again. */
  putBack(capture: Capture): void;
}

const createView = <Document>(
  projection: AnyProjection<Document>,
  documents: Map<string, Document>,
  onChange: OnChange<Document> | undefined,
  log: Logger,
) => {
  const fold = carefully(projection.name, foldOf(projection), log);
  const dirty = new Set<string>();
  return {
    documents,
    dirty,
    poisoned: () => fold.poisoned(),
    apply: (event: StoredEvent): void => {
      if (!fold.takes(event)) return;
      const change = fold.change(event, 0, (key) => documents.get(key));
      if (change === undefined) return;
      const { key, before, after } = change;
      if (after === undefined) documents.delete(key);
      else documents.set(key, after);
      dirty.add(key);
      onChange?.(key, before, after);
    },
    capture: (): Changes<Document> => {
      const changes = [...dirty].map((key) => [key, documents.get(key) ?? null] as const);
      dirty.clear();
      return changes;
    },
  };
};

/** The views every decision of the engine needs: all of them in memory, folded by the engine's own loop. */
export const createHotViews = (options: HotViewsOptions): HotViews => {
  const { snapshot, log } = options;
  const functions = createView(registry, new Map(snapshot?.registry), options.onRegistry, log);
  const invocations = createView(queue, new Map(snapshot?.queue), options.onQueue, log);
  let position = snapshot?.position ?? beginning;
  let skipped = 0;

  return {
    registry: functions.documents,
    queue: invocations.documents,
    get position() {
      return position;
    },
    get skipped() {
      return skipped;
    },
    get poisoned() {
      return functions.poisoned() + invocations.poisoned();
    },
    apply: (events) => {
      for (const event of events) {
        if (!isKnown(event)) skipped += 1;
        functions.apply(event);
        invocations.apply(event);
        position = event.position;
      }
    },
    capture: () => ({
      position,
      changed: { registry: functions.capture(), queue: invocations.capture() },
    }),
    putBack: ({ changed }) => {
      for (const [key] of changed.registry) functions.dirty.add(key);
      for (const [key] of changed.queue) invocations.dirty.add(key);
    },
  };
};
