import type { EventMetadata, StoredEvent } from '../domain/recorded.ts';
import type { EventReader } from './event-reader.ts';

type Reads = Pick<EventReader, 'readStream' | 'readAll' | 'subscribeAll'>;

const defaultCount = 1_000;

/** Whether a record has the metadata that every record of ours has; who wrote it is all this asks. */
export const isOurs = ({ metadata }: StoredEvent): boolean => {
  if (typeof metadata !== 'object' || metadata === null) return false;
  const { workspace, actor, occurredAt, schemaVersion, $correlationId }: Partial<EventMetadata> =
    metadata;
  return (
    typeof workspace === 'string' &&
    typeof actor === 'string' &&
    typeof occurredAt === 'string' &&
    typeof $correlationId === 'string' &&
    Number.isInteger(schemaVersion) &&
    Number(schemaVersion) > 0
  );
};

/** A page as full as if strangers' records were not there: its shortness says that the log ends. */
const fullPage = async (
  maxCount: number,
  first: readonly StoredEvent[],
  readAfter: (last: StoredEvent) => Promise<readonly StoredEvent[]>,
): Promise<readonly StoredEvent[]> => {
  if (first.every(isOurs)) return first;
  const found = first.filter(isOurs);
  let last = first.length < maxCount ? undefined : first.at(-1);
  while (last !== undefined && found.length < maxCount) {
    const page = await readAfter(last);
    found.push(...page.filter(isOurs));
    last = page.at(-1);
  }
  return found.slice(0, maxCount);
};

/**
 * The records that are ours. Whoever else can write to the store may put anything there, also
 * under names and types of ours: it is left out, and followers are told, so that it can be counted.
 */
export const readsOurs = <Reader extends Reads>(records: Reader): Reader => {
  const ours: Reads = {
    readStream: async (stream, options = {}) => {
      const { maxCount = defaultCount, direction = 'forwards' } = options;
      const step = direction === 'forwards' ? 1 : -1;
      return fullPage(maxCount, await records.readStream(stream, options), async (last) => {
        const from = last.revision + step;
        return from < 0 ? [] : records.readStream(stream, { ...options, from });
      });
    },
    readAll: async (options = {}) => {
      const { maxCount = defaultCount, direction = 'forwards' } = options;
      return fullPage(maxCount, await records.readAll(options), async ({ position: from }) => {
        // Forwards a page begins with the record it starts from, backwards with the one before.
        if (direction === 'backwards') return records.readAll({ ...options, from });
        const page = await records.readAll({ ...options, from, maxCount: maxCount + 1 });
        return page.slice(1);
      });
    },
    subscribeAll: (options, handlers) =>
      records.subscribeAll(options, {
        ...handlers,
        onEvents: (batch) => {
          if (batch.every(isOurs)) return handlers.onEvents(batch);
          handlers.onLeftOut?.(batch.filter((record) => !isOurs(record)));
          const found = batch.filter(isOurs);
          return found.length > 0 ? handlers.onEvents(found) : undefined;
        },
      }),
  };
  return { ...records, ...ours };
};
