import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFact } from '../../src/domain/events.ts';
import { exitCodes } from '../../src/exit-codes.ts';
import { openStore } from '../../src/store/index.ts';
import { apiOf } from '../process/api.ts';
import { openFunctionEndpoint } from '../process/function-endpoint.ts';
import { githubDeliveries, post } from '../process/github-deliveries.ts';
import { githubSecret, setUpGithub } from '../process/github-setup.ts';
import { wholeLog } from '../process/log-of.ts';
import { scratch } from '../process/scratch.ts';
import { startServer } from '../process/server-process.ts';
import { allEnded, until } from '../process/until.ts';
import { run } from './run.ts';

const verify = (...args: readonly string[]) => run('verify', args);

const resources = scratch();
const deliveries = 20;
let intact = '';

/** What a server left behind that had some deliveries, and what was said of it while it ran. */
const live = async (dataDir: string) => {
  await using endpoint = await openFunctionEndpoint(() => ({ status: 200 }));
  await using server = await startServer({ dataDir });
  const api = apiOf(server);
  const { url } = await setUpGithub(api, endpoint.url);
  for (const delivery of githubDeliveries(deliveries)) await post(url, delivery, githubSecret);
  await until('every invocation has ended', () => allEnded(api));
  const meanwhile = await verify(dataDir);
  await server.stop();
  return meanwhile;
};

const copy = async (): Promise<string> => {
  const dataDir = await resources.directory();
  await cp(intact, dataDir, { recursive: true });
  return dataDir;
};

describe('npm run verify', () => {
  let meanwhile: Awaited<ReturnType<typeof verify>> | undefined;
  beforeAll(async () => {
    intact = await resources.directory();
    meanwhile = await live(intact);
  });
  afterAll(() => resources[Symbol.asyncDispose]());

  it('finds every promise kept in a log that a server has written', async () => {
    const { code, out, err } = await verify(intact, '--settled');
    expect({ code, err }).toEqual({ code: exitCodes.ok, err: '' });
    expect(out).toMatch(new RegExp(`InvocationSucceeded +${deliveries}\n`));
    expect(out).toMatch(/every promise is kept\n$/);
  });

  it('says so where a server is running', () => {
    expect(meanwhile).toMatchObject({ code: exitCodes.inUse, out: '' });
    expect(meanwhile?.err).toContain(`a server is running on ${intact}`);
  });

  it('names the first event that is not as it was written', async () => {
    const dataDir = await copy();
    const file = join(dataDir, 'events.db');
    const bytes = await readFile(file);
    const place = bytes.indexOf('"deliveryId"', bytes.length / 4);
    bytes[place + 3] = (bytes[place + 3] ?? 0) ^ 1;
    await writeFile(file, bytes);
    const { code, err } = await verify(dataDir);
    expect(code).toBe(exitCodes.damaged);
    expect(err).toMatch(/events\.db is damaged: the event at position \d+ \(stream arrival-/);
  });

  it.each([
    [
      'is not as it was written',
      'UPDATE payloads SET bytes = zeroblob(length(bytes)) WHERE id = ?',
    ],
    ['is missing', 'DELETE FROM payloads WHERE id >> 8 = ? >> 8'],
  ])('names the first event whose payload %s', async (what, change) => {
    const dataDir = await copy();
    const db = new Database(join(dataDir, 'events.db'));
    db.prepare(change).run(db.prepare('SELECT max(id) FROM payloads').pluck().get());
    db.close();
    const { code, err } = await verify(dataDir);
    expect(code).toBe(exitCodes.damaged);
    expect(err).toMatch(
      new RegExp(`the payload of the event at position \\d+ \\(stream arrival-.*\\) ${what}`),
    );
  });

  it('tells which event breaks a promise, and where it stands', async () => {
    const dataDir = await copy();
    const store = await openStore('sqlite:', { dataDir });
    const log = await wholeLog(store);
    const success = log.find((event) => isFact(event, 'InvocationSucceeded'));
    if (success === undefined) throw new TypeError('nothing has succeeded');
    const { stream, metadata, data } = success;
    const revision = log.filter((event) => event.stream === stream).at(-1)?.revision ?? 0;
    const id = '00000000-0000-4000-8000-000000000001';
    const again = { ...metadata, schemaVersion: 1 };
    const { position } = await store.append(stream, revision, [
      { id, type: 'InvocationSucceeded', data: data as object, metadata: again },
    ]);
    await store.close();
    const { code, out } = await verify(dataDir);
    expect(code).toBe(1);
    const { invocationId } = success.data;
    expect(out).toContain(
      `  InvocationSucceeded at ${position}: ${invocationId} has ended before\n`,
    );
  });

  it('takes what is under way for broken only where all should be done', async () => {
    const dataDir = await copy();
    const store = await openStore('sqlite:', { dataDir });
    const arrival = (await wholeLog(store)).find((event) => isFact(event, 'EventArrived'));
    if (arrival === undefined) throw new TypeError('nothing has arrived');
    const id = '00000000-0000-4000-8000-000000000002';
    const body = { encoding: 'utf8', content: '{}' };
    const data = { ...arrival.data, arrivalId: id, body, decidedAt: undefined };
    await store.append(`arrival-${id}`, 'no_stream', [
      { id, type: 'EventArrived', data, metadata: arrival.metadata },
    ]);
    await store.close();
    const going = await verify(dataDir);
    expect(going.code).toBe(0);
    expect(going.out).toContain('1 under way where the log ends:\n');
    const settled = await verify(dataDir, '--settled');
    expect(settled.code).toBe(1);
    expect(settled.out).toContain('1 promise is broken:\n');
    expect(settled.out).toContain(`at rest: arrival ${id} has no invocation for`);
  });

  it.each([
    ['there is no log', 'there is no log in /nowhere', '/nowhere'],
    ['no directory is named', 'name one directory'],
    ['it does not know an option', '--quick', '/nowhere', '--quick'],
  ])('refuses where %s', async (_, sentence, ...args) => {
    const { code, err } = await verify(...args);
    expect(code).toBe(exitCodes.configuration);
    expect(err).toContain(sentence);
  });
});
