import type { hotProjections } from '../../projections/index.ts';
import type { OpenReplay } from '../../projections/open-replays.ts';
import type { QueueEntry } from '../../projections/queue.ts';
import type { RegistryEntry } from '../../projections/registry.ts';
import type { ScheduleEntry } from '../../projections/schedules.ts';
import type { Position } from '../domain/position.ts';
import type { Snapshot } from './hot-views.ts';

export type HotName = keyof typeof hotProjections;

interface PagePart {
  readonly keys: readonly string[];
  /** The documents of those keys, one JSON array: as text they go to another thread far cheaper. */
  readonly text: string;
}

/** A part of a snapshot as it was written. */
export interface SnapshotPage extends Readonly<Record<HotName, PagePart>> {
  readonly position: Position;
  readonly eventId: string | null;
  /** To ask for the next page by; null at the end. */
  readonly next: number | null;
}

const addTo = <Document>(documents: Map<string, Document>, { keys, text }: PagePart): void => {
  const values = JSON.parse(text) as readonly Document[];
  for (const [index, document] of values.entries()) documents.set(keys[index] ?? '', document);
};

/** The snapshot in all pages; undefined if there is none, or none any more. */
export const snapshotFrom = async (
  pageAfter: (place: number) => Promise<SnapshotPage | undefined>,
): Promise<Snapshot | undefined> => {
  const registry = new Map<string, RegistryEntry>();
  const queue = new Map<string, QueueEntry>();
  const schedules = new Map<string, ScheduleEntry>();
  const openReplays = new Map<string, OpenReplay>();
  let page = await pageAfter(0);
  while (page !== undefined) {
    const { position, eventId, next } = page;
    // Asked for before this one is parsed: another thread reads it meanwhile.
    const coming = next === null ? undefined : pageAfter(next);
    addTo(registry, page.registry);
    addTo(queue, page.queue);
    addTo(schedules, page.schedules);
    addTo(openReplays, page.openReplays);
    if (coming === undefined) return { position, eventId, registry, queue, schedules, openReplays };
    page = await coming;
  }
  return undefined;
};
