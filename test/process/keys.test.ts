import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { startDouble } from '../store/esdb/double/double.ts';
import { apiOf } from './api.ts';
import { setUpGithub } from './github-setup.ts';
import { type Scratch, scratch } from './scratch.ts';
import { launch, startServer } from './server-process.ts';

const endpoint = 'http://127.0.0.1:9/never-called';
const keyOf = (version: number) =>
  `${version}:${Buffer.alloc(32, `${version}`).toString('base64')}`;

describe('a log without its keys', () => {
  let resources: Scratch = scratch();
  afterEach(async () => {
    await resources[Symbol.asyncDispose]();
    resources = scratch();
  });

  const eventStore = async () => {
    const inner = createMemoryStore();
    const double = await startDouble(inner);
    resources.after(async () => double.crash());
    return { url: double.url, inner };
  };

  const refused = async (dataDir: string, env: Record<string, string>) => {
    const launched = resources.use(
      launch({ dataDir, env: { TRIPLINE_LOG_LEVEL: 'warn', ...env } }),
    );
    expect(await launched.ended).toEqual({ code: 78, signal: null });
    return launched.output();
  };

  it('is refused from a second data directory, which made keys of its own', async () => {
    const { url, inner } = await eventStore();
    const env = { TRIPLINE_STORE: url };
    const first = resources.use(await startServer({ dataDir: await resources.directory(), env }));
    await setUpGithub(apiOf(first), endpoint);
    await first.stop();
    const output = await refused(await resources.directory(), env);

    expect(output).toMatch(
      /^tripline: this log was written with another encryption key of version 1: .+\n$/,
    );
    const marks = await inner.readStream('tripline.encryption-keys');
    expect(marks).toMatchObject([
      { type: 'EncryptionKeyIntroduced', metadata: { workspace: '$system' } },
    ]);
  });

  it('is refused where the keys of its secrets are gone, which are named, and goes on with them', async () => {
    const { url } = await eventStore();
    const env = (...versions: number[]) => ({
      TRIPLINE_STORE: url,
      TRIPLINE_ENCRYPTION_KEYS: versions.map(keyOf).join(','),
    });
    const dataDir = await resources.directory();
    const first = resources.use(await startServer({ dataDir, env: env(3) }));
    await setUpGithub(apiOf(first), endpoint);
    await first.stop();

    expect(await refused(dataDir, env(4))).toMatch(/^tripline: .+ version 3; .+\n$/);
    const again = resources.use(await startServer({ dataDir, env: env(3, 4) }));
    expect((await apiOf(again).answer('GET', 'secrets')).status).toBe(200);
  });

  it('on SQLite is refused when its key file was removed', async () => {
    const dataDir = await resources.directory();
    const first = resources.use(await startServer({ dataDir }));
    await setUpGithub(apiOf(first), endpoint);
    await first.stop();
    await rm(join(dataDir, 'encryption.key'));

    expect(await refused(dataDir, {})).toMatch(/encryption key of version 1: .*encryption\.key/);
  });
});
