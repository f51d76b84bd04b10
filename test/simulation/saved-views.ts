import { TriplineError } from '../../src/domain/errors.ts';
import { beginning } from '../../src/domain/position.ts';
import type { Capture, Changes, Snapshot } from '../../src/views/hot-views.ts';

type HotName = 'registry' | 'queue' | 'schedules' | 'openReplays';
type Saved = Readonly<Record<HotName, Map<string, string>>> & {
  readonly position: Snapshot['position'];
  readonly eventId: Snapshot['eventId'];
};

const merged = (
  before: ReadonlyMap<string, string> | undefined,
  changes: Changes<unknown>,
): Map<string, string> => {
  const texts = new Map(before);
  for (const [key, document] of changes) {
    if (document === null) texts.delete(key);
    else texts.set(key, JSON.stringify(document));
  }
  return texts;
};

const parsed = <Document>(texts: ReadonlyMap<string, string>): Map<string, Document> =>
  new Map([...texts].map(([key, text]) => [key, JSON.parse(text) as Document]));

/** What one process keeps of its views between two runs, as the database of views does. */
export const createSavedViews = () => {
  let saved: Saved | undefined;
  return {
    load: (): Snapshot | undefined =>
      saved && {
        position: saved.position,
        eventId: saved.eventId,
        registry: parsed(saved.registry),
        queue: parsed(saved.queue),
        schedules: parsed(saved.schedules),
        openReplays: parsed(saved.openReplays),
      },
    save({ since, position, eventId, changed }: Capture): void {
      if (since !== beginning && since !== saved?.position)
        throw new TriplineError('conflict', 'the capture does not continue what is saved');
      const before = since === beginning ? undefined : saved;
      saved = {
        position,
        eventId,
        registry: merged(before?.registry, changed.registry),
        queue: merged(before?.queue, changed.queue),
        schedules: merged(before?.schedules, changed.schedules),
        openReplays: merged(before?.openReplays, changed.openReplays),
      };
    },
    get position(): Snapshot['position'] {
      return saved?.position ?? beginning;
    },
    /** The documents of a view as they were written. */
    texts: (name: HotName): ReadonlyMap<string, string> | undefined => saved?.[name],
  };
};

export type SavedViews = ReturnType<typeof createSavedViews>;
