import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDurable } from '../../../src/store/sqlite/database.ts';
import { openSqliteStore } from '../../../src/store/sqlite/store.ts';
import { verifyStore } from '../../../src/store/sqlite/verify-store.ts';
import { idsOf, newStream, sample } from '../contract/sample.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { acknowledged, canMount, canTrace, outcomesOf, startWriter } from './child-writer.ts';

const storedIds = async (dataDir: string): Promise<Set<string>> => {
  const store = await openSqliteStore({ dataDir });
  const events = await store.readAll({ maxCount: 1_000_000 });
  await store.close();
  return new Set(idsOf(events));
};

/** Not a fresh file: what a driver does by default only shows once a database is opened again. */
const usedDirectory = async () => {
  const directory = await temporaryDirectory();
  const store = await openSqliteStore({ dataDir: directory.path });
  await store.append(newStream(), 'no_stream', [sample()]);
  await store.close();
  return directory;
};

describe('an acknowledged event', () => {
  it('is written with full synchronisation on every open', async () => {
    await using directory = await usedDirectory();
    const db = openDurable(join(directory.path, 'events.db'));

    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('wal_autocheckpoint', { simple: true })).toBe(0);
    db.close();
  });

  it.skipIf(!canTrace)('has been through an fsync, also after a reopen', async () => {
    await using directory = await usedDirectory();
    const trace = join(directory.path, 'trace');
    const writer = startWriter('sequence', directory.path, [
      ...['strace', '-f', '-y', '--seccomp-bpf', '-e', 'trace=fsync,fdatasync', '-o', trace],
    ]);
    await writer.ended;
    const syncs = readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => /sync\(\d+<[^>]*events\.db-wal>/.test(line));

    expect(acknowledged(writer.lines)).toHaveLength(40);
    expect(syncs.length).toBeGreaterThanOrEqual(40);
  });

  it('survives SIGKILL at any moment, and the directory is free again at once', async () => {
    await using directory = await temporaryDirectory();
    const promised: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const writer = startWriter('load', directory.path);
      await writer.hasLines(400 + Math.floor(Math.random() * 2_000));
      await writer.kill();
      promised.push(...acknowledged(writer.lines));
      const stored = await storedIds(directory.path);

      expect(promised.filter((id) => !stored.has(id))).toEqual([]);
    }
    expect(verifyStore(directory.path).events).toBeGreaterThanOrEqual(promised.length);
  });
});

describe('a data directory', () => {
  it('has one owner: a second process is told so at once', async () => {
    await using directory = await temporaryDirectory();
    const store = await openSqliteStore({ dataDir: directory.path });
    const second = startWriter('sequence', directory.path);
    await second.ended;

    expect(second.lines).toEqual([
      { failed: 'data-directory-in-use', message: expect.stringContaining(directory.path) },
    ]);
    await store.close();
  });

  it('has one owner within a process too', async () => {
    await using directory = await temporaryDirectory();
    const store = await openSqliteStore({ dataDir: directory.path });

    await expect(openSqliteStore({ dataDir: directory.path })).rejects.toMatchObject({
      code: 'data-directory-in-use',
    });
    await store.close();
    await (await openSqliteStore({ dataDir: directory.path })).close();
  });
});

describe.skipIf(!canTrace)('a disk that fails', () => {
  const failing = (syscalls: string, error: string, when: string): string[] => [
    ...['strace', '-f', '--seccomp-bpf', '-o', '/dev/null', '-e', `trace=${syscalls}`],
    ...['-e', `inject=${syscalls}:error=${error}:when=${when}`],
  ];

  it.each([3, 9, 20])('in sync number %i ends all acknowledging', async (sync) => {
    await using directory = await usedDirectory();
    const writer = startWriter(
      'sequence',
      directory.path,
      failing('fsync,fdatasync', 'EIO', String(sync)),
    );
    await writer.ended;
    const outcomes = outcomesOf(writer.lines);
    const firstFailure = outcomes.indexOf('store-failed');
    const stored = await storedIds(directory.path);

    expect(firstFailure).toBeGreaterThanOrEqual(0);
    expect(new Set(outcomes.slice(firstFailure))).toEqual(new Set(['store-failed']));
    expect(acknowledged(writer.lines).every((id) => stored.has(id))).toBe(true);
  });

  it('for want of space refuses, and goes on when there is some', async () => {
    await using directory = await usedDirectory();
    const writer = startWriter('recovery', directory.path, failing('pwrite64', 'ENOSPC', '40..42'));
    await writer.ended;
    const outcomes = outcomesOf(writer.lines);
    const stored = await storedIds(directory.path);

    expect(outcomes).toContain('disk-full');
    expect(outcomes.at(-1)).toBe('ok');
    expect(acknowledged(writer.lines).every((id) => stored.has(id))).toBe(true);
    expect(stored.size).toBe(acknowledged(writer.lines).length + 1);
  });
});

describe.skipIf(!canMount)('a full disk', () => {
  it('still takes the outcomes of running calls, and all else once there is room', async () => {
    const mount = 'mount -t tmpfs -o size=176m tmpfs /mnt && exec "$@"';
    const writer = startWriter('full-disk', '/mnt', ['unshare', '-rm', 'sh', '-c', mount, 'sh']);
    await writer.ended;
    const phase = (name: string): number =>
      writer.lines.findIndex((line) => 'phase' in line && line.phase === name);
    const full = outcomesOf(writer.lines.slice(phase('full'), phase('room')));

    expect(outcomesOf(writer.lines.slice(0, phase('full'))).at(-1)).toBe('disk-full');
    expect(full).toEqual(['ok', 'disk-full']);
    expect(outcomesOf(writer.lines).at(-1)).toBe('ok');
  });
});
