import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EventStore, NewEvent } from '../../../src/store/event-store.ts';
import { openDurable } from '../../../src/store/sqlite/database.ts';
import { openEngine } from '../../../src/store/sqlite/engine.ts';
import { logFile } from '../../../src/store/sqlite/log-file.ts';
import { openPayloadTable } from '../../../src/store/sqlite/payload-table.ts';
import { verifyStore } from '../../../src/store/sqlite/verify-store.ts';
import { newStream, sample } from '../contract/sample.ts';
import { withCode } from '../contract/with-code.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { openSqliteHere } from './open-here.ts';

const mebibyte = 1_048_576;

const withPayload = (bytes: Uint8Array, fact = 0): NewEvent => ({
  ...sample(),
  payloads: [{ fact, salt: randomBytes(16), bytes }],
});

const read = async (store: EventStore, position: NonNullable<unknown> | undefined) => {
  const [part] = await store.readPayloads([{ position: position as never }], 64 * mebibyte);
  return Buffer.from(part?.bytes ?? []);
};

const payloadsIn = (directory: string): number => {
  const db = openDurable(logFile(directory));
  const count = openPayloadTable(db).count();
  db.close();
  return count;
};

describe('a payload that crosses to the store in pieces', () => {
  it('is as it was, amid everything else that is asked for', async () => {
    await using directory = await temporaryDirectory();
    const store = await openSqliteHere({ dataDir: directory.path });
    const lengths = [mebibyte, mebibyte + 1, 2 * mebibyte - 16, 2 * mebibyte, 5 * mebibyte + 7];
    const bodies = lengths.map((length) => randomBytes(length));
    const appended = await Promise.all(
      bodies.flatMap((body) => [
        store.append(newStream(), 'no_stream', [withPayload(body)]),
        store.append(newStream(), 'no_stream', [withPayload(Buffer.from('short'))]),
        store.readAll({ maxCount: 1 }).then(() => undefined),
      ]),
    );
    for (const [at, body] of bodies.entries()) {
      expect((await read(store, appended[3 * at]?.position)).equals(body)).toBe(true);
      expect(String(await read(store, appended[3 * at + 1]?.position))).toBe('short');
    }
    await store.close();
    expect(verifyStore(directory.path).events).toBe(10);
    expect(payloadsIn(directory.path)).toBe(10);
  });

  it('leaves nothing where its append is refused, and is not stored twice', async () => {
    await using directory = await temporaryDirectory();
    const store = await openSqliteHere({ dataDir: directory.path });
    const [stream, body] = [newStream(), randomBytes(3 * mebibyte)];
    const first = withPayload(body);
    const { position } = await store.append(stream, 'no_stream', [first]);
    const refused = store.append(stream, 'no_stream', [withPayload(randomBytes(2 * mebibyte))]);
    await expect(refused).rejects.toEqual(withCode('wrong-expected-revision'));
    expect((await store.append(stream, 'no_stream', [first])).position).toBe(position);
    const later = await store.append(newStream(), 'no_stream', [sample()]);
    expect(await store.readPayloads([{ position: later.position! }], 1)).toEqual([undefined]);
    expect((await read(store, position)).equals(body)).toBe(true);
    await store.close();
    expect(payloadsIn(directory.path)).toBe(1);
  });

  it('is not there after a kill before its append', async () => {
    await using directory = await temporaryDirectory();
    const killed = openEngine(directory.path);
    killed.take(randomBytes(mebibyte));
    killed.take(randomBytes(mebibyte));
    // There is nothing to tidy up within a commit.
    expect(killed.whenIdle()).toBe(true);
    killed.close();

    const engine = openEngine(directory.path);
    expect(engine.head).toBe(0);
    engine.close();
    expect(payloadsIn(directory.path)).toBe(0);
  });
});
