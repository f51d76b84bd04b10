import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/exit-codes.ts';
import { openStore } from '../../src/store/index.ts';
import { apiOf } from '../process/api.ts';
import { openFunctionEndpoint } from '../process/function-endpoint.ts';
import { githubDeliveries, post } from '../process/github-deliveries.ts';
import { githubSecret, setUpGithub } from '../process/github-setup.ts';
import { arrivalsIn, kept, verdictOn } from '../process/log-checks.ts';
import { wholeLog } from '../process/log-of.ts';
import { startSender } from '../process/persistent-sender.ts';
import { scratch } from '../process/scratch.ts';
import { startServer } from '../process/server-process.ts';
import { allEnded, until } from '../process/until.ts';
import { run } from './run.ts';

const resources = scratch();
afterAll(() => resources[Symbol.asyncDispose]());

const keyFiles = ['encryption.key', 'token.secret'];

const logOf = async (dataDir: string) => {
  const store = await openStore('sqlite:', { dataDir });
  const log = await wholeLog(store);
  await store.close();
  return log;
};

const copyKeys = async (from: string, to: string) => {
  for (const name of keyFiles) await cp(join(from, name), join(to, name));
};

/** A server that was killed with some deliveries acknowledged, and the directory it left. */
const killedAfter = async (count: number) => {
  const dataDir = await resources.directory();
  const endpoint = resources.use(await openFunctionEndpoint(() => ({ status: 200 })));
  const server = resources.use(await startServer({ dataDir }));
  const { url } = await setUpGithub(apiOf(server), endpoint.url);
  const acknowledged = new Set<string>();
  for (const delivery of githubDeliveries(count)) {
    const { eventId } = await post(url, delivery, githubSecret);
    if (eventId !== null) acknowledged.add(eventId);
  }
  await server.kill();
  return { dataDir, acknowledged };
};

/** A new place below one that is gone afterwards. */
const place = async (name = 'new') => join(await resources.directory(), name);

/** Processes are started and killed, on machines that have other things to do. */
const patience = 120_000;

describe('a backup of a running server under load', () => {
  it('has all that was acknowledged before, and a server goes on from it', {
    timeout: patience,
  }, async () => {
    const env = { TRIPLINE_LOG_LEVEL: 'warn' };
    const [dataDir, restored] = [await resources.directory(), await resources.directory()];
    const endpoint = resources.use(await openFunctionEndpoint(() => ({ status: 200, afterMs: 5 })));
    const server = resources.use(await startServer({ dataDir, env }));
    const { url } = await setUpGithub(apiOf(server), endpoint.url);
    const sender = startSender({ urls: [url], secret: githubSecret, senders: 8, pauseMs: 1 });
    resources.after(() => sender.stop().catch(() => undefined));
    await until('there is load', () => sender.acknowledged.size > 100);

    const before = new Set(sender.acknowledged);
    const backup = await place();
    const made = await run('backup', [backup], { TRIPLINE_DATA_DIR: dataDir });
    const meanwhile = sender.acknowledged.size;
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toMatch(/has \d+ events, each as it was written \(the chain ends with /);
    expect(made.out).toContain('Its secrets open with the encryption key of version 1 only, not');
    expect((await readdir(backup)).sort()).toEqual(['events.db', 'events.head']);
    expect(meanwhile).toBeGreaterThan(before.size);
    await sender.stop();
    await until('every invocation has ended', () => allEnded(apiOf(server)));
    await server.stop();
    expect((await run('verify', [dataDir, '--settled'])).code).toBe(0);

    expect(await run('restore', [backup, restored])).toMatchObject({ code: 0, err: '' });
    await copyKeys(dataDir, restored);
    const again = resources.use(await startServer({ dataDir: restored, env }));
    await until('every invocation has ended', () => allEnded(apiOf(again)));
    const shown = await apiOf(again).list('invocations?limit=500', 'invocations');
    await again.stop();
    const log = await logOf(restored);
    expect(verdictOn(log, before)).toEqual(kept);
    expect(shown).toHaveLength(arrivalsIn(log).size);
    expect((await run('verify', [restored, '--settled'])).code).toBe(0);
  });
});

describe('a backup of what a kill has left', { timeout: patience }, () => {
  let left: Awaited<ReturnType<typeof killedAfter>> = { dataDir: '', acknowledged: new Set() };
  /** Of it, for all who only read it. */
  let backup = '';
  beforeAll(async () => {
    left = await killedAfter(20);
    backup = await place();
    expect((await run('backup', [backup, '--from', left.dataDir])).code).toBe(0);
  }, patience);

  const copyOf = async (directory: string): Promise<string> => {
    const copy = await place();
    await cp(directory, copy, { recursive: true });
    return copy;
  };

  it('has what the write-ahead log has', async () => {
    const arrivals = arrivalsIn(await logOf(backup));
    expect([...left.acknowledged].filter((id) => !arrivals.has(id))).toEqual([]);
  });

  it('has the keys if they are asked for, and is then all that a new machine needs', async () => {
    const [complete, restored] = [await place(), await place()];
    const made = await run('backup', [complete, '--with-keys', '--from', left.dataDir]);
    expect(made.out).toContain('whoever has this backup can read them');
    const brought = await run('restore', [complete, restored]);
    expect(brought.out).toContain('The key of its secrets came with it.');
    for (const name of keyFiles) {
      expect(await readFile(join(restored, name))).toEqual(
        await readFile(join(left.dataDir, name)),
      );
    }
    const server = resources.use(await startServer({ dataDir: restored }));
    await until('every invocation has ended', () => allEnded(apiOf(server)));
    await server.stop();
    expect(verdictOn(await logOf(restored), left.acknowledged)).toEqual(kept);
  });

  it('does not start where its keys are not, and says so', async () => {
    const restored = await place();
    const brought = await run('restore', [backup, restored]);
    expect(brought.out).toContain('Its secrets open with the encryption key of version 1:');
    await expect(startServer({ dataDir: restored })).rejects.toThrow(
      'this log was written with another encryption key of version 1',
    );
  });

  it('can be put back over a log that is longer, whose remains stay aside', async () => {
    const { acknowledged } = left;
    const dataDir = await copyOf(left.dataDir);
    const server = resources.use(await startServer({ dataDir }));
    const url = apiOf(server).webhookUrl('github');
    const later = githubDeliveries(30).at(-1);
    if (later === undefined) throw new TypeError('too few examples');
    const { eventId } = await post(url, later, githubSecret);
    await server.kill();

    const refused = await run('restore', [backup, dataDir]);
    expect([refused.code, refused.err]).toEqual([
      exitCodes.configuration,
      `tripline: there is a log in ${dataDir}; with --replace it is moved aside\n`,
    ]);
    const brought = await run('restore', [backup, dataDir, '--replace']);
    expect(brought.code).toBe(0);
    const aside = /What was there before is in (.*)\n/.exec(brought.out)?.[1] ?? '';
    const again = resources.use(await startServer({ dataDir }));
    await until('every invocation has ended', () => allEnded(apiOf(again)));
    await again.stop();
    const arrivals = arrivalsIn(await logOf(dataDir));
    expect([...acknowledged].filter((id) => !arrivals.has(id))).toEqual([]);
    expect(arrivals.has(String(eventId))).toBe(false);
    expect(arrivalsIn(await logOf(aside)).has(String(eventId))).toBe(true);
  });

  it('can be a lone copy of the database, wherever it lies', async () => {
    const [lone, restored] = [await place('copy.db'), await place()];
    await cp(join(backup, 'events.db'), lone);
    expect((await run('restore', [lone, restored])).code).toBe(0);
    expect((await run('verify', [restored])).code).toBe(0);
  });

  it('refuses a log that lacks what was acknowledged, and leaves nothing behind', async () => {
    const dataDir = await copyOf(left.dataDir);
    await writeFile(join(dataDir, 'events.db-wal'), '');
    const target = await place();
    const made = await run('backup', [target, '--from', dataDir]);
    expect(made.code).toBe(exitCodes.damaged);
    expect(made.err).toMatch(/were acknowledged/);
    expect(await readdir(join(target, '..'))).toEqual([]);
  });

  it('refuses a damaged copy and leaves what was there before', async () => {
    const [damaged, restored] = [await copyOf(backup), await place()];
    await run('restore', [backup, restored]);
    const db = new Database(join(damaged, 'events.db'));
    db.exec("UPDATE events SET data = data || ' ' WHERE position = 9");
    db.close();
    const brought = await run('restore', [damaged, restored, '--replace']);
    expect(brought.code).toBe(exitCodes.damaged);
    expect(brought.err).toMatch(/the event at position 9 \(stream /);
    expect(await readdir(restored)).not.toContainEqual(
      expect.stringMatching(/^(restore|replaced)-/),
    );
    expect((await run('verify', [restored])).code).toBe(0);
  });

  it('is refused where a server is running', async () => {
    const dataDir = await resources.directory();
    await using server = await startServer({ dataDir });
    const brought = await run('restore', [backup, dataDir, '--replace']);
    expect(brought.code).toBe(exitCodes.inUse);
    expect(await readdir(dataDir)).toContain('events.db');
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  });

  it('is no server’s until the whole of it is in place', async () => {
    const dataDir = await copyOf(left.dataDir);
    const aside = await place('aside');
    await mkdir(aside);
    const moved = (await readdir(dataDir))
      .filter((name) => /^(views\.db|events\.db|ballast$)/.test(name))
      .sort()
      .reverse();
    for (const name of moved) {
      await rename(join(dataDir, name), join(aside, name));
      if (!name.startsWith('events.db')) continue;
      const copy = await place();
      await cp(dataDir, copy, { recursive: true });
      await expect(startServer({ dataDir: copy })).rejects.toThrow('is damaged');
    }
  });
});

describe('npm run backup and npm run restore', () => {
  it.each([
    ['backup', 'name one new directory', []],
    ['backup', 'name one new directory', ['one', 'two']],
    ['backup', "Unknown option '--quick'", ['one', '--quick']],
    ['backup', 'there is no log in /nowhere', ['/tmp/never', '--from', '/nowhere']],
    ['restore', 'name the backup and the data directory', ['one']],
    ['restore', 'there is no log in /nowhere', ['/nowhere', '/tmp/never']],
  ])('%s refuses what it does not understand: %s', async (program, sentence, args) => {
    const { code, err } = await run(program, args);
    expect(code).toBe(exitCodes.configuration);
    expect(err).toContain(sentence);
  });

  it('backs up no database that is not here', async () => {
    const env = { TRIPLINE_STORE: 'esdb://localhost:2113' };
    const { code, err } = await run('backup', ['/tmp/never'], env);
    expect([code, err]).toEqual([
      exitCodes.configuration,
      'tripline: the log is not in the data directory: back up the database that has it\n',
    ]);
  });

  it('writes over nothing', async () => {
    const dataDir = await resources.directory();
    const store = await openStore('sqlite:', { dataDir });
    await store.close();
    const { code, err } = await run('backup', [dataDir, '--from', dataDir]);
    expect([code, err]).toEqual([
      exitCodes.configuration,
      `tripline: ${dataDir} is not empty: a backup goes into a directory of its own\n`,
    ]);
  });

  it('takes no other database for a log', async () => {
    const [file, target] = [await place('other.db'), await place()];
    await cp(join(import.meta.dirname, 'run.ts'), file);
    const { code, err } = await run('restore', [file, target]);
    expect(code).toBe(exitCodes.damaged);
    expect(err).toContain('is damaged: file is not a database');
  });

  it.skipIf(process.getuid?.() === 0)('says where it must not write', async () => {
    const dataDir = await resources.directory();
    await (await openStore('sqlite:', { dataDir })).close();
    const { code, err } = await run('backup', ['/proc/backup', '--from', dataDir]);
    expect(code).toBe(exitCodes.directoryUnusable);
    expect(err).toMatch(/^tripline: \/proc\/backup cannot be used: /);
  });
});
