import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKnown } from '../../src/domain/events.ts';
import type { EventMetadata, StoredEvent } from '../../src/domain/recorded.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { isOurs, readsOurs } from '../../src/store/own-records.ts';
import { sample } from './contract/sample.ts';

const stream = 'contract-1';

/** One stream with a record of ours for each `true`, and a stranger's for each `false`. */
const logOf = async (written: readonly boolean[]) => {
  const memory = createMemoryStore();
  for (const ours of written) {
    const record = { ...sample(), id: randomUUID() };
    const metadata = { source: 'elsewhere' } as unknown as EventMetadata;
    await memory.append(stream, 'any', [ours ? record : { ...record, metadata }]);
  }
  return readsOurs(memory);
};

const placesOf = (records: readonly StoredEvent[]) => records.map(({ revision }) => revision);
const ownPlaces = (written: readonly boolean[]) =>
  written.flatMap((ours, revision) => (ours ? [revision] : []));

describe('records of others', () => {
  it('make no page shorter, in either direction, in the log and in a stream', async () => {
    const logs = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(logs, fc.integer({ min: 1, max: 4 }), async (written, maxCount) => {
        const store = await logOf(written);
        const own = ownPlaces(written);
        for (const read of [
          store.readAll,
          (options: object) => store.readStream(stream, options),
        ]) {
          expect(placesOf(await read({ maxCount }))).toEqual(own.slice(0, maxCount));
          expect(placesOf(await read({ maxCount, direction: 'backwards' }))).toEqual(
            own.toReversed().slice(0, maxCount),
          );
        }
      }),
    );
  });

  it('are told to followers, and never handed over as events', async () => {
    const store = await logOf([false, true, false, false, true]);
    const seen: number[] = [];
    const leftOut: number[] = [];
    await new Promise<void>((resolve) => {
      store.subscribeAll(
        { from: 'start' },
        {
          onEvents: (records) => void seen.push(...placesOf(records)),
          onLeftOut: (records) => void leftOut.push(...placesOf(records)),
          onCaughtUp: resolve,
        },
      );
    });
    expect([seen, leftOut]).toEqual([
      [1, 4],
      [0, 2, 3],
    ]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['bytes', Buffer.from('x')],
    ['other members', { $correlationId: 'c' }],
    ['no schema version', { ...sample().metadata, schemaVersion: undefined }],
    ['a schema version of 0', { ...sample().metadata, schemaVersion: 0 }],
    ['half a schema version', { ...sample().metadata, schemaVersion: 1.5 }],
    ['no workspace', { ...sample().metadata, workspace: undefined }],
    ['no actor', { ...sample().metadata, actor: undefined }],
    ['no instant', { ...sample().metadata, occurredAt: 1 }],
    ['no story', { ...sample().metadata, $correlationId: null }],
    ['a schema version that is no number', { ...sample().metadata, schemaVersion: '1' }],
  ])('are known by metadata that is %s', (_, metadata) => {
    expect(isOurs({ ...sample(), metadata } as never)).toBe(false);
    expect(isOurs(sample() as never)).toBe(true);
  });
});

describe('a fact of a later version', () => {
  it('is ours, and is skipped as one that this release does not know', () => {
    const metadata = { ...sample().metadata, schemaVersion: 2 };
    const later = { ...sample(), type: 'TriggerRetired', metadata } as unknown as StoredEvent;
    expect([isOurs(later), isKnown(later)]).toEqual([true, false]);
  });
});
