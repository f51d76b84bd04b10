import { randomUUID } from 'node:crypto';
import { type DataOf, isFact } from '../src/domain/events.ts';
import { triggerStream } from '../src/domain/ids.ts';
import type { StoredEvent } from '../src/domain/recorded.ts';
import { openStore } from '../src/store/index.ts';

type Registered = StoredEvent & { readonly data: DataOf<'TriggerRegistered'> };

/**
 * Registers `count` further webhooks, each with a path of its own, in the log of a server that is
 * down: as registering them over HTTP would, except that nobody claims their names.
 */
export const addTriggers = async (dataDir: string, count: number): Promise<void> => {
  const store = await openStore('sqlite:', { dataDir });
  try {
    const log = await store.readAll({ maxCount: 1_000 });
    const model = log.find((event): event is Registered => isFact(event, 'TriggerRegistered'));
    if (!model) throw new Error('there is no trigger to register more of');
    const register = (n: number) => {
      const triggerId = randomUUID();
      const data = {
        ...model.data,
        triggerId,
        name: `other-${n}`,
        triggerMetadata: { ...model.data.triggerMetadata, path: `/other/${n}` },
      };
      const { type, metadata } = model;
      return store.append(triggerStream(triggerId), 'no_stream', [
        { id: randomUUID(), type, data, metadata: { ...metadata, $correlationId: triggerId } },
      ]);
    };
    for (let from = 0; from < count; from += 500) {
      const size = Math.min(500, count - from);
      await Promise.all(Array.from({ length: size }, (_, i) => register(from + i)));
    }
  } finally {
    await store.close();
  }
};
