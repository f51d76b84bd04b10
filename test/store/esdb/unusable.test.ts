import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { openEsdbStore } from '../../../src/store/esdb/store.ts';
import { createMemoryStore } from '../../../src/store/memory-store.ts';
import { certificate, key } from './certificate.ts';
import { startDouble } from './double/double.ts';
import type { ReadFault } from './double/faults.ts';
import { patient } from './under-test.ts';

const tlsServer = async () => {
  const sockets = new Set<TLSSocket>();
  const server = createServer({ key, cert: certificate }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const refusalOf = (url: string) =>
  openEsdbStore(url, { ...patient, awaitMs: Number.POSITIVE_INFINITY }).then(
    () => expect.unreachable('it was opened'),
    (error: unknown) => error,
  );

const invalid = (message: RegExp) => ({
  code: 'invalid-configuration',
  message: expect.stringMatching(message),
});

describe('a store that no waiting makes usable', () => {
  it.each<[ReadFault, RegExp]>([
    ['wrong-password', /127\.0\.0\.1:\d+: .*user name with this password.*TRIPLINE_STORE$/],
    ['denied', /127\.0\.0\.1:\d+: the account may not read \$all: .*\$acl.*\$\$\$all$/],
  ])('because of %s says what to do', async (fault, message) => {
    const double = await startDouble(createMemoryStore());
    double.faults.read.push(fault);

    expect(await refusalOf(double.url)).toMatchObject(invalid(message));
    double.crash();
  });

  it('because it speaks no TLS says so', async () => {
    const double = await startDouble(createMemoryStore());
    const refusal = await refusalOf(`esdb://localhost:${double.port}?tls=true`);

    expect(refusal).toMatchObject(invalid(/localhost:\d+: it speaks no TLS there: set tls=false/));
    double.crash();
  });

  it('because it speaks TLS alone says so', async () => {
    await using server = await tlsServer();
    const refusal = await refusalOf(`esdb://127.0.0.1:${server.port}?tls=false`);

    expect(refusal).toMatchObject(invalid(/127\.0\.0\.1:\d+: it speaks TLS there/));
  });

  it('because its authority is not known says so', async () => {
    await using server = await tlsServer();
    const refusal = await refusalOf(`esdb://localhost:${server.port}`);

    expect(refusal).toMatchObject(invalid(/localhost:\d+: its certificate .*tlsCAFile/));
  });
});

describe('a store that may still come', () => {
  it('is waited for, which is told once with each reason', async () => {
    const inner = createMemoryStore();
    const double = await startDouble(inner);
    double.crash();
    const reasons: string[] = [];
    let pauses = 0;
    const opening = openEsdbStore(double.url, {
      ...patient,
      random: () => {
        pauses += 1;
        return 0.5;
      },
      awaitMs: Number.POSITIVE_INFINITY,
      onWaiting: (reason) => void reasons.push(reason),
    });
    await expect.poll(() => pauses).toBeGreaterThan(3);
    await double.restart();
    const store = await opening;

    expect(reasons[0]).toBe(`127.0.0.1:${double.port}: nothing listens there`);
    expect(reasons).toEqual([...new Set(reasons)]);
    await store.close();
    double.crash();
  });
});
