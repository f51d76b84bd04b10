import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openEsdbStore } from '../../../src/store/esdb/store.ts';
import { newStream, sample } from '../contract/sample.ts';
import { withCode } from '../contract/with-code.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { spawnDouble } from './double/spawn-double.ts';
import { patient, soonMs } from './under-test.ts';

const large = () => sample({ text: 'x'.repeat(200_000) });

describe('a server process', () => {
  it('that is killed under load and started again has each append once', async () => {
    const directory = await temporaryDirectory();
    let double = await spawnDouble('sqlite:', directory.path);
    const { port, url } = double;
    const store = await openEsdbStore(url, patient);
    const streams = Array.from({ length: 600 }, newStream);
    let stored = 0;
    const appends = streams.map(async (stream) => {
      await store.append(stream, 'no_stream', [sample()]);
      await store.append(stream, 0, [sample(), sample()]);
      stored += 1;
    });
    await expect.poll(() => stored).toBeGreaterThan(100);
    await double.kill();
    double = await spawnDouble('sqlite:', directory.path, port);
    await Promise.all(appends);
    const log = await store.readAll({ maxCount: 3_000 });

    expect(log.map(({ stream, revision }) => `${stream} ${revision}`).sort()).toEqual(
      streams.flatMap((stream) => [0, 1, 2].map((revision) => `${stream} ${revision}`)).sort(),
    );
    await store.close();
    await double.kill();
  });

  it('that freezes under more than the connection holds, and is killed, harms no one else', async () => {
    await using double = await spawnDouble();
    const store = await openEsdbStore(double.url, { ...patient, giveUpAfterMs: 300 });
    await store.append(newStream(), 'no_stream', [sample()]);
    double.freeze();
    const appends = Array.from({ length: 400 }, () =>
      store.append(newStream(), 'no_stream', [large()]).catch((error: unknown) => error),
    );
    for (let turns = 0; turns < 50; turns += 1) await nextTurn();
    await double.kill();

    // A rejection that nobody holds would fail the run.
    for (const outcome of await Promise.all(appends)) {
      expect(['outcome-unknown', 'store-unavailable']).toContain(
        (outcome as { code?: string }).code,
      );
    }
    await store.close();
  });

  it('that freezes and goes on has each append once', async () => {
    await using double = await spawnDouble();
    let pauses = 0;
    const random = (): number => {
      pauses += 1;
      return 0.5;
    };
    const store = await openEsdbStore(double.url, {
      ...patient,
      connectTimeoutMs: 1_000,
      appendTimeoutMs: soonMs,
      random,
    });
    const streams = Array.from({ length: 100 }, newStream);
    await store.append(newStream(), 'no_stream', [sample()]);
    double.freeze();
    const appends = streams.map((stream) => store.append(stream, 'no_stream', [sample()]));
    await expect.poll(() => pauses).toBeGreaterThan(2 * streams.length);
    double.thaw();
    await Promise.all(appends);

    for (const stream of streams) expect(await store.readStream(stream)).toHaveLength(1);
    await store.close();
  });

  it('that freezes for good leaves appends unknown, then the store unavailable', async () => {
    await using double = await spawnDouble();
    const store = await openEsdbStore(double.url, {
      ...patient,
      connectTimeoutMs: 1_000,
      appendTimeoutMs: soonMs,
      giveUpAfterMs: 500,
    });
    double.freeze();

    await expect(store.append(newStream(), 'no_stream', [sample()])).rejects.toEqual(
      withCode('outcome-unknown'),
    );
    await expect(store.append(newStream(), 'no_stream', [sample()])).rejects.toEqual(
      withCode('store-unavailable'),
    );
    await store.close();
  });
});
