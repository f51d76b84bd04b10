import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AppendBatch, outcomes } from '../../../src/store/sqlite/append-batch.ts';
import { openEngine, type SqliteEngine } from '../../../src/store/sqlite/engine.ts';
import { readKnownHead } from '../../../src/store/sqlite/known-head.ts';
import { verifyStore } from '../../../src/store/sqlite/verify-store.ts';
import { withCode } from '../contract/with-code.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../temporary-directory.ts';
import { faultyDatabase } from './faulty-database.ts';
import { smallIndex } from './small-index.ts';
import { framesIn } from './wal-frames.ts';

const noStream = -1;
const bytes = 1_000;
const batchOf = (...streams: readonly string[]): AppendBatch =>
  streams.flatMap((stream) => [stream, noStream, 1, randomUUID(), 'SampleTaken', '{}', '{}', 0]);
/** What became of each, in words. */
const told = (results: readonly number[]): string[] =>
  results
    .filter((_, at) => at % 3 === 0)
    .map((code) => Object.entries(outcomes).find(([, value]) => value === code)?.[0] ?? '');

describe('the engine of the embedded store', () => {
  let directory: TemporaryDirectory;
  let engine: SqliteEngine;
  let disk: ReturnType<typeof faultyDatabase>['disk'];
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    directory = await temporaryDirectory();
    const faulty = faultyDatabase();
    disk = faulty.disk;
    engine = openEngine(directory.path, { indexSizes: smallIndex, openDatabase: faulty.open });
  });
  afterEach(async () => {
    engine.close();
    vi.useRealTimers();
    await directory[Symbol.asyncDispose]();
  });
  const append = (...streams: readonly string[]): string[] =>
    told(engine.append(batchOf(...streams), bytes).outcomes);
  const later = (ms: number): void => {
    vi.setSystemTime(Date.now() + ms);
  };
  /** There is room again, but nobody looks for it before a second has passed. */
  const spendReserve = (): void => {
    for (const stream of ['arrival-lost', 'arrival-too']) {
      disk.isFull = true;
      append(stream);
      disk.isFull = false;
      if (stream === 'arrival-lost') append('lane-between');
    }
  };
  const ballastBytes = (): number => statSync(join(directory.path, 'ballast')).size;

  it('notes where the log ends, and only what was stored counts', () => {
    append('arrival-1', 'arrival-2');
    append('arrival-1');

    expect(readKnownHead(directory.path)).toEqual({
      position: 2,
      hash: verifyStore(directory.path).hash,
    });
  });

  it('says when a group was recorded', () => {
    vi.setSystemTime(123_456);

    expect(engine.append(batchOf('arrival-1'), bytes).recordedAt).toBe(123_456);
    expect(engine.readStream('arrival-1', {}).at(-1)).toBe(123_456);
  });

  it('acknowledges nothing any more once a write has failed', () => {
    append('arrival-1');
    disk.fails = true;
    expect(() => append('arrival-2')).toThrow(withCode('store-failed'));
    disk.fails = false;

    expect(() => append('arrival-3')).toThrow(withCode('store-failed'));
    expect(() => engine.setStreamMetadata('arrival-1', { maxCount: 1 })).toThrow(
      withCode('store-failed'),
    );
    const { writes } = disk;
    engine.whenDue();
    engine.whenIdle();
    expect(disk.writes).toBe(writes);
    expect(engine.head).toBe(1);
  });

  it('refuses new work on a full disk, and takes it when there is room again', () => {
    append('arrival-1');
    disk.isFull = true;
    expect(append('arrival-2', 'lane-2')).toEqual(['diskFull', 'diskFull']);
    expect(engine.head).toBe(1);
    spendReserve();
    expect(append('arrival-2', 'lane-2')).toEqual(['diskFull', 'stored']);
    later(1_000);

    expect(append('arrival-2')).toEqual(['stored']);
  });

  it('lets the reserve go when the disk is full, and puts it back at most once a second', () => {
    engine.whenIdle();
    expect(ballastBytes()).toBe(33_554_432);
    disk.isFull = true;
    append('arrival-1');
    expect(ballastBytes()).toBe(0);
    disk.isFull = false;
    // The first look back comes with the first append that follows.
    append('lane-1');
    expect(ballastBytes()).toBe(33_554_432);
    disk.isFull = true;
    append('arrival-1');
    disk.isFull = false;
    later(999);
    append('lane-2');
    expect(ballastBytes()).toBe(0);
    later(1);
    append('lane-3');

    expect(ballastBytes()).toBe(33_554_432);
  });

  it('leaves the reserve to the outcomes of calls: no index is written, nothing tidied', () => {
    for (let at = 0; at < 15; at += 1) append(`arrival-${at}`);
    spendReserve();
    const { writes } = disk;
    const wal = join(directory.path, 'events.db-wal');
    const frames = framesIn(wal);
    for (let at = 0; at < 40; at += 1) append(`lane-${at}`);
    const before = framesIn(wal);
    engine.whenDue();
    engine.whenIdle();

    expect(disk.writes - writes).toBe(40);
    expect(before).toBeGreaterThan(frames);
    expect(framesIn(wal)).toBe(before);
    expect(ballastBytes()).toBe(0);
  });

  it('refuses what is said about a stream on a full disk, and does not believe it itself', () => {
    append('arrival-1');
    engine.setStreamMetadata('arrival-1', { maxCount: 7 });
    disk.isFull = true;
    expect(() => engine.setStreamMetadata('arrival-1', { maxCount: 1 })).toThrow(
      withCode('disk-full'),
    );
    expect(() => engine.remove('arrival-1', 'any', false)).toThrow(withCode('disk-full'));

    expect(engine.getStreamMetadata('arrival-1')).toEqual({ maxCount: 7 });
    expect(engine.readStream('arrival-1', {})).toHaveLength(8);
  });

  it('keeps the index up with large groups in between, one write of it for each small one', () => {
    const many = (from: number, count: number): string[] =>
      Array.from({ length: count }, (_, at) => `arrival-${from + at}`);
    append(...many(0, 63));
    let { writes } = disk;
    engine.whenDue();
    expect(disk.writes).toBe(writes);
    append(...many(63, 70));
    ({ writes } = disk);
    engine.whenDue();

    expect(disk.writes).toBeGreaterThan(writes);
    expect(append('arrival-5', 'arrival-120')).toEqual(['conflict', 'conflict']);
  });

  it('goes on where it was after a stop', () => {
    append('arrival-1');
    engine.remove('arrival-1', 'any', true);
    engine.close();
    engine = openEngine(directory.path);

    expect(engine.head).toBe(1);
    expect(append('arrival-1', 'arrival-2')).toEqual(['deleted', 'stored']);
  });
});
