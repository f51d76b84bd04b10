import {
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../../src/store/sqlite/engine.ts';
import { verifyStore } from '../../../src/store/sqlite/verify-store.ts';
import { sample } from '../contract/sample.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../temporary-directory.ts';
import { openSqliteHere } from './open-here.ts';
import { frameBytes, framesIn, walHeaderBytes } from './wal-frames.ts';

const commits = 40;

const walOf = (dataDir: string): string => join(dataDir, 'events.db-wal');
const flip = (file: string, offset: number): void => {
  const bytes = readFileSync(file);
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  writeFileSync(file, bytes);
};

/** As a process that was killed leaves it: all that was acknowledged is in the write-ahead log. */
describe('a log whose newest events are in the write-ahead log alone', () => {
  let killed: TemporaryDirectory;
  let hash: string;
  beforeAll(async () => {
    killed = await temporaryDirectory();
    await using living = await temporaryDirectory();
    const store = await openSqliteHere({ dataDir: living.path });
    for (let at = 0; at < commits; at += 1) {
      await store.append(`entity-${at}`, 'no_stream', [sample({ at })]);
    }
    await cp(living.path, killed.path, { recursive: true });
    await store.close();
    hash = verifyStore(living.path).hash;
  });
  afterAll(() => killed[Symbol.asyncDispose]());

  const copy = async (): Promise<TemporaryDirectory> => {
    const directory = await temporaryDirectory();
    await cp(killed.path, directory.path, { recursive: true });
    return directory;
  };
  const open = (dataDir: string) => openSqliteHere({ dataDir });
  const shorter = {
    code: 'corrupt-store',
    message: expect.stringMatching(
      new RegExp(`events\\.db is damaged: it ends at position \\d+, but .* position ${commits}`),
    ),
  };

  it('is whole after a kill', async () => {
    await using directory = await copy();
    const store = await open(directory.path);
    await store.close();

    expect(verifyStore(directory.path)).toEqual({ events: commits, hash });
  });

  it('is refused whichever frame is not as written, the last one included', async () => {
    await using directory = await copy();
    const wal = walOf(directory.path);
    const frames = framesIn(wal);
    for (let frame = 0; frame < frames; frame += 1) {
      copyFileSync(walOf(killed.path), wal);
      flip(wal, walHeaderBytes + frame * frameBytes + 24 + ((frame * 997) % 16_384));
      expect(() => openEngine(directory.path)).toThrow(expect.objectContaining(shorter));
    }
  });

  it.each([
    ['its header is damaged', (wal: string) => flip(wal, 9)],
    ['it was cut', (wal: string) => truncateSync(wal, 20 * frameBytes)],
    ['it is gone', (wal: string) => rmSync(wal)],
  ])('is refused by start and verification when %s', async (_, damage) => {
    await using directory = await copy();
    damage(walOf(directory.path));

    expect(() => verifyStore(directory.path)).toThrow(expect.objectContaining(shorter));
    await expect(open(directory.path)).rejects.toMatchObject(shorter);
    await expect(open(directory.path)).rejects.toMatchObject(shorter);
  });

  it('leaves a copy of what was found, for whoever wants to save more of it', async () => {
    await using directory = await copy();
    const wal = walOf(directory.path);
    flip(wal, walHeaderBytes + 20 * frameBytes + 100);
    const damaged = readFileSync(wal);
    await expect(open(directory.path)).rejects.toMatchObject(shorter);

    expect(readFileSync(`${wal}.kept`).equals(damaged)).toBe(true);
  });

  it('may end in a commit that was cut off before anybody was told', async () => {
    await using directory = await copy();
    const wal = walOf(directory.path);
    const bytes = readFileSync(wal);
    writeFileSync(wal, Buffer.concat([bytes, bytes.subarray(-frameBytes, -100)]));
    const store = await open(directory.path);

    expect(await store.readAll({ maxCount: 100 })).toHaveLength(commits);
    await store.close();
  });

  it('is accepted as it is once the operator says so', async () => {
    await using directory = await copy();
    truncateSync(walOf(directory.path), walHeaderBytes + 20 * frameBytes);
    rmSync(join(directory.path, 'events.head'));
    const store = await open(directory.path);

    expect((await store.readAll({ maxCount: 100 })).length).toBeGreaterThan(0);
    await store.close();
    expect(existsSync(join(directory.path, 'events.head'))).toBe(true);
  });

  it('does not depend on the note of its end', async () => {
    await using directory = await copy();
    writeFileSync(join(directory.path, 'events.head'), '99 garbage 1\n');
    const store = await open(directory.path);

    expect(await store.readAll({ maxCount: 100 })).toHaveLength(commits);
    await store.close();
  });
});
