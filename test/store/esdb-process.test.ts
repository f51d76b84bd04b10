import { describe, expect, it } from 'vitest';
import { openEsdbStore } from '../../src/store/esdb-store.ts';
import { newStream, sample, withCode } from './contract/sample.ts';
import { spawnDouble } from './esdb-double/spawn-double.ts';
import { impatient } from './esdb-under-test.ts';

const large = () => sample({ text: 'x'.repeat(200_000) });

describe('a server process', () => {
  it('that freezes under more than the connection holds, and is killed, harms no one else', async () => {
    await using double = await spawnDouble();
    const store = await openEsdbStore(double.url, {
      ...impatient,
      appendTimeoutMs: 5_000,
      giveUpAfterMs: 300,
    });
    await store.append(newStream(), 'no_stream', [sample()]);
    double.freeze();
    const appends = Array.from({ length: 400 }, () =>
      store.append(newStream(), 'no_stream', [large()]).catch((error: unknown) => error),
    );
    await new Promise((done) => setTimeout(done, 200));
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
    const store = await openEsdbStore(double.url, { ...impatient, appendTimeoutMs: 500 });
    const streams = Array.from({ length: 100 }, newStream);
    await store.append(newStream(), 'no_stream', [sample()]);
    double.freeze();
    const appends = streams.map((stream) => store.append(stream, 'no_stream', [sample()]));
    await new Promise((done) => setTimeout(done, 1_500));
    double.thaw();
    await Promise.all(appends);

    for (const stream of streams) expect(await store.readStream(stream)).toHaveLength(1);
    await store.close();
  });

  it('that freezes for good leaves appends unknown, then the store unavailable', async () => {
    await using double = await spawnDouble();
    const store = await openEsdbStore(double.url, { ...impatient, giveUpAfterMs: 500 });
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
