import { execFile } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { apiOf } from './api.ts';
import { openFunctionEndpoint } from './function-endpoint.ts';
import { githubDeliveries, post } from './github-deliveries.ts';
import { githubSecret, setUpGithub } from './github-setup.ts';
import { kept, verdictOn } from './log-checks.ts';
import { wholeLog } from './log-of.ts';
import { type Scratch, scratch } from './scratch.ts';
import { launch, ready, startServer } from './server-process.ts';
import { until } from './until.ts';

const run = promisify(execFile);

describe('the server as a process', () => {
  let resources: Scratch = scratch();
  afterEach(async () => {
    await resources[Symbol.asyncDispose]();
    resources = scratch();
  });

  it('says where it is, where its data lies, and gives a token and a curl that work, also after a restart', async () => {
    const dataDir = await resources.directory();
    const server = resources.use(await startServer({ dataDir }));
    expect(server.output()).toContain(server.url);
    expect(server.output()).toContain(dataDir);
    const curl = /^.*?(curl .*(?:\\\n.*)*)$/m.exec(server.output())?.[1] ?? '';
    expect(curl).toContain(server.token);
    const { stdout } = await run('bash', [
      '-c',
      `${curl.replace('curl ', 'curl -sS -w "%{http_code}" ')}`,
    ]);
    expect(stdout).toMatch(/20\d$/);
    expect(await server.stop()).toEqual({ code: 0, signal: null });

    const again = resources.use(await startServer({ dataDir }));
    const api = apiOf({ url: again.url, token: server.token });
    expect((await api.answer('GET', 'function-triggers')).status).toBe(200);
  });

  it('ends with 0 on SIGTERM right after it was started', async () => {
    const dataDir = await resources.directory();
    const server = resources.use(await startServer({ dataDir }));
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });

  it('finishes or hands back what is under way on SIGTERM, and loses nothing', async () => {
    const dataDir = await resources.directory();
    const endpoint = resources.use(
      await openFunctionEndpoint(() => ({ status: 200, afterMs: 150 })),
    );
    const server = resources.use(await startServer({ dataDir }));
    const { url } = await setUpGithub(apiOf(server), endpoint.url);
    const acknowledged = new Set<string>();
    const posting = githubDeliveries(40).map(async (delivery) => {
      const { status, eventId } = await post(url, delivery, githubSecret);
      if (status === 202 && eventId) acknowledged.add(eventId);
    });
    await until('calls are under way', () => endpoint.underWay() > 3);
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    await Promise.all(posting);

    const again = resources.use(await startServer({ dataDir }));
    await until('all accepted have been called', () => endpoint.calls.size >= acknowledged.size);
    await until('no call is under way', () => endpoint.underWay() === 0);
    expect(await again.stop()).toEqual({ code: 0, signal: null });
    const store = await openStore('sqlite:', { dataDir });
    resources.after(() => store.close());
    expect(acknowledged.size).toBeGreaterThan(0);
    expect(verdictOn(await wholeLog(store), acknowledged)).toEqual(kept);
  });

  it('refuses a wrong setting by name and ends with 78', async () => {
    const dataDir = await resources.directory();
    const env = { TRIPLINE_PORT: 'eight', TRIPLINE_LOG_LEVEL: 'loud' };
    const launched = resources.use(launch({ dataDir, env }));
    expect(await launched.ended).toEqual({ code: 78, signal: null });
    expect(launched.output()).toContain('TRIPLINE_PORT');
    expect(launched.output()).toContain('TRIPLINE_LOG_LEVEL');
    expect(launched.output()).not.toContain('    at ');
  });

  it('does not open a data directory that another process has open, and does at once when that was killed', async () => {
    const dataDir = await resources.directory();
    const first = resources.use(await startServer({ dataDir }));
    const second = resources.use(launch({ dataDir }));
    expect(await second.ended).toEqual({ code: 75, signal: null });
    expect(second.output()).toContain(dataDir);
    expect(second.output()).toMatch(/in use|another/);
    expect(second.output()).not.toContain('    at ');
    expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);

    expect(await first.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    const third = resources.use(await startServer({ dataDir }));
    expect((await fetch(`${third.url}/health/live`)).status).toBe(200);
  });

  /** What root may do is not the question. */
  const uid = process.getuid?.() === 0 ? 65_534 : undefined;

  it('says in one line that it may not write in the data directory', async () => {
    const dataDir = await resources.directory();
    await chmod(dataDir, 0o555);
    const launched = resources.use(launch({ dataDir, uid }));
    expect(await launched.ended).toEqual({ code: 73, signal: null });
    expect(launched.output()).toBe(
      `tripline: the data directory cannot be used: ${dataDir}: permission denied\n`,
    );
  });

  it('says in one line where it cannot listen', async () => {
    const first = resources.use(await startServer({ dataDir: await resources.directory() }));
    const env = { TRIPLINE_PORT: String(first.port), TRIPLINE_LOG_LEVEL: 'warn' };
    const second = resources.use(launch({ dataDir: await resources.directory(), env }));
    expect(await second.ended).toEqual({ code: 69, signal: null });
    expect(second.output()).toBe(
      `tripline: cannot listen on 127.0.0.1 port ${first.port}: another program listens there\n`,
    );
  });

  it('does not start on a file that is no log', async () => {
    const dataDir = await resources.directory();
    await writeFile(
      join(dataDir, 'events.db'),
      'this is not a database, whatever it is called\n'.repeat(100),
    );
    const launched = resources.use(launch({ dataDir }));
    await expect(ready(launched)).rejects.toThrow();
    expect(await launched.ended).toEqual({ code: 65, signal: null });
    expect(launched.output()).toContain('events.db');
  });
});
