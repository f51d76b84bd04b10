import type { DataOf } from '../../src/domain/events.ts';
import { nameOf } from '../../src/domain/payload-name.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';

/** What survives everything: the log as it was synced. */
export interface Disk {
  readonly store: EventStore;
  /** What a body in the log says, if its bytes were ever given to the disk. */
  textOf(body: DataOf<'EventArrived'>['body']): string;
  /** Everything synced, in log order. */
  readonly log: readonly StoredEvent[];
}

/** `onFact` hears every fact before anything else happens. */
export const createDisk = (now: () => number, onFact: (fact: StoredEvent) => void): Disk => {
  const inner = createMemoryStore(now);
  const texts = new Map<string, string>();
  const store: EventStore = {
    ...inner,
    append(stream, expected, events) {
      for (const payload of events.flatMap(({ payloads = [] }) => payloads)) {
        texts.set(nameOf(payload).commitment, Buffer.from(payload.bytes).toString());
      }
      return inner.append(stream, expected, events);
    },
  };
  const log: StoredEvent[] = [];
  readsFacts(store).subscribeAll(
    { from: 'start' },
    {
      onEvents: (events) => {
        for (const event of events) {
          log.push(event);
          onFact(event);
        }
      },
    },
  );
  const textOf: Disk['textOf'] = (body) =>
    'encoding' in body ? body.content : (texts.get(body.commitment) ?? '');
  return { store, log, textOf };
};
