import { describe, expect, it } from 'vitest';
import { type ErrorCode, TriplineError } from '../../src/domain/errors.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import { beginning } from '../../src/domain/position.ts';
import type { Appended, EventStore } from '../../src/store/event-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { watchStore } from '../../src/store/store-health.ts';
import { createManualClock } from '../log/manual-clock.ts';

const appended: Appended = { revision: 0, position: beginning };

describe('the health of a store', () => {
  /** A store whose writes and reads fail as the test says. */
  const world = () => {
    const at: { write?: ErrorCode; read?: ErrorCode } = {};
    const memory = createMemoryStore();
    const failing = (code: ErrorCode | undefined) =>
      code && Promise.reject(new TriplineError(code, 'as the test wants it'));
    const inner: EventStore = {
      ...memory,
      append: () => failing(at.write) ?? Promise.resolve(appended),
      readAll: (...given) => failing(at.read) ?? memory.readAll(...given),
      readStream: (...given) => failing(at.read) ?? memory.readStream(...given),
    };
    const logged: string[] = [];
    const note = (_: object, message: string) => void logged.push(message);
    const { clock, advance } = createManualClock();
    const log = { ...silentLogger, info: note, warn: note, error: note };
    const health = watchStore(inner, { clock, log });
    const write = () => health.store.append('stream-1', 'any', []).catch(() => undefined);
    const read = () => health.store.readAll().catch(() => undefined);
    const readOne = () => health.store.readStream('stream-1').catch(() => undefined);
    return { at, health, logged, advance, write, read, readOne };
  };

  it.each<ErrorCode>(['store-unavailable', 'disk-full', 'outcome-unknown', 'store-failed'])(
    'is bad while writes fail with %s, until one succeeds',
    async (code) => {
      const { at, health, logged, write } = world();
      await write();
      expect(health.sound).toBe(true);
      at.write = code;
      await write();
      await write();
      expect(health.sound).toBe(false);
      delete at.write;
      await write();
      expect(health.sound).toBe(true);
      expect(logged).toEqual(['writes fail', 'writes succeed again']);
    },
  );

  it('is given the benefit of the doubt ten seconds after the last write that failed', async () => {
    const { at, health, advance, logged, write } = world();
    at.write = 'disk-full';
    await write();
    advance(9_999);
    await write();
    advance(9_999);
    expect(health.sound).toBe(false);
    advance(1);
    expect(health.sound).toBe(true);
    await write();
    expect(health.sound).toBe(false);
    expect(logged).toEqual(['writes fail']);
  });

  it.each<ErrorCode>(['wrong-expected-revision', 'stream-deleted', 'event-too-large'])(
    'has nothing to do with a write that is refused: %s',
    async (code) => {
      const { at, health, write } = world();
      at.write = code;
      await write();
      expect(health.sound).toBe(true);
      at.write = 'disk-full';
      await write();
      at.write = code;
      await write();
      expect(health.sound).toBe(false);
    },
  );

  it.each(['read', 'readOne', 'write'] as const)(
    'is bad for good once a %s has found damage',
    async (what) => {
      const { at, health, advance, logged, ...does } = world();
      at[what === 'write' ? 'write' : 'read'] = 'corrupt-store';
      await does[what]();
      await does[what]();
      delete at.read;
      delete at.write;
      await does.write();
      advance(3_600_000);
      expect(health.sound).toBe(false);
      expect(logged).toEqual(['damage found in the log']);
    },
  );

  it('gives every answer and every error on as it is', async () => {
    const { at, health } = world();
    await expect(health.store.readAll()).resolves.toEqual([]);
    expect(await health.store.append('stream-1', 'any', [])).toBe(appended);
    at.write = 'disk-full';
    await expect(health.store.append('stream-1', 'any', [])).rejects.toMatchObject({
      code: 'disk-full',
    });
  });
});
