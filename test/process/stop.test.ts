import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { apiOf } from './api.ts';
import { type FunctionEndpoint, openFunctionEndpoint, type Reaction } from './function-endpoint.ts';
import { githubDeliveries, post } from './github-deliveries.ts';
import { githubSecret, setUpGithub } from './github-setup.ts';
import { invocationsIn } from './log-checks.ts';
import { wholeLog } from './log-of.ts';
import { type Scratch, scratch } from './scratch.ts';
import { launch, type Server, startServer } from './server-process.ts';
import { halfBody, openSilentPeer, silentPeers } from './silent-peer.ts';
import { until } from './until.ts';

const namesOf = (peers: typeof silentPeers): string => peers.map(({ name }) => name).join(', or ');

/** Longer than a test may take: whoever waits for all of it fails. */
const longGrace = { TRIPLINE_SHUTDOWN_GRACE_MS: '600000' };

describe('a stop', { timeout: 120_000 }, () => {
  let resources: Scratch = scratch();
  afterEach(async () => {
    await resources[Symbol.asyncDispose]();
    resources = scratch();
  });

  interface Busy {
    readonly dataDir: string;
    readonly server: Server;
    readonly endpoint: FunctionEndpoint;
  }

  /** A server with one call under way. */
  const busyServer = async (env: Record<string, string>, reaction: Reaction): Promise<Busy> => {
    const dataDir = await resources.directory();
    const endpoint = resources.use(await openFunctionEndpoint(() => reaction));
    const server = resources.use(await startServer({ dataDir, env }));
    const { url } = await setUpGithub(apiOf(server), endpoint.url);
    const [delivery] = githubDeliveries(1);
    expect((await post(url, delivery!, githubSecret)).status).toBe(202);
    await until('the call is under way', () => endpoint.calls.size === 1);
    return { dataDir, server, endpoint };
  };

  const invocationsOf = async (dataDir: string) => {
    const store = await openStore('sqlite:', { dataDir });
    try {
      return invocationsIn(await wholeLog(store));
    } finally {
      await store.close();
    }
  };

  it(`does not wait for a peer that ${namesOf(silentPeers)}`, async () => {
    const { dataDir, server } = await busyServer(longGrace, { status: 200, afterMs: 1_000 });
    for (const peer of silentPeers) resources.use(await openSilentPeer(peer, server.port));
    // Connections are taken in the order they came, so by now the server has those too.
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);

    expect(await server.stop()).toEqual({ code: 0, signal: null });
    const [invocation, ...others] = await invocationsOf(dataDir);
    expect(others).toEqual([]);
    expect(invocation).toMatchObject({ started: 1, outcomes: ['InvocationSucceeded'] });
  });

  it('hands back a call that outlasts the grace period, at no cost', async () => {
    const env = { TRIPLINE_SHUTDOWN_GRACE_MS: '100' };
    const { dataDir, server } = await busyServer(env, { status: 200, afterMs: 600_000 });

    expect(await server.stop()).toEqual({ code: 0, signal: null });
    const [invocation] = await invocationsOf(dataDir);
    expect(invocation).toMatchObject({ started: 1, failures: ['shutdown'], outcomes: [] });
  });

  it('is cut short by a second signal', async () => {
    const { server } = await busyServer(longGrace, { status: 200, afterMs: 600_000 });
    server.signal('SIGTERM');
    await until('it is stopping', () => server.output().includes('stopping'));
    server.signal('SIGINT');
    expect(await server.ended).toEqual({ code: 1, signal: null });
  });

  it('tells a sender in the middle of a body to come again', async () => {
    const { server } = await busyServer(longGrace, { status: 200, afterMs: 1_000 });
    const sender = resources.use(await openSilentPeer(halfBody, server.port));
    const heard = sender.heard();
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(await heard).toMatch(/^HTTP\/1\.1 503 .*\r\nretry-after: \d/);
    expect(server.output()).not.toContain('"level":50');
  });

  it('that comes during the start is in order too', async () => {
    const silentStore = createServer().listen(0, '127.0.0.1');
    resources.after(async () => silentStore.close());
    await once(silentStore, 'listening');
    const { port } = silentStore.address() as AddressInfo;
    const env = { TRIPLINE_STORE: `esdb://127.0.0.1:${port}?tls=false` };
    const launched = resources.use(launch({ dataDir: await resources.directory(), env }));
    await once(silentStore, 'connection');
    launched.signal('SIGTERM');
    expect(await launched.ended).toEqual({ code: 0, signal: null });
  });
});
