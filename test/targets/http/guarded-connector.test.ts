import type { buildConnector } from 'undici';
import { describe, expect, it } from 'vitest';
import { type AddressGuard, BlockedAddressError } from '../../../src/targets/http/address-guard.ts';
import { guardedConnector } from '../../../src/targets/http/guarded-connector.ts';
import { httpServer } from './listening.ts';

const errorOf = (connect: buildConnector.connector, url: string): Promise<Error | null> => {
  const { hostname, host, port, protocol } = new URL(url);
  return new Promise((resolve) => {
    connect({ hostname, host, port, protocol }, (...[error]) => resolve(error));
  });
};

describe('a guarded connector', () => {
  it('judges the connected peer, whatever was said before about the name', async () => {
    const server = await httpServer(() => {});
    const asked: string[] = [];
    const guard: AddressGuard = {
      allows: (address) => {
        asked.push(address);
        return asked.length === 1;
      },
    };
    const connect = guardedConnector(guard, { connectTimeoutMs: 2_000 });
    const error = await errorOf(connect, server.url.replace('127.0.0.1', 'localhost'));
    expect(error).toBeInstanceOf(BlockedAddressError);
    await server.close();
  });

  it('judges the peer of an address literal, which is never looked up', async () => {
    const server = await httpServer(() => {});
    const connect = guardedConnector({ allows: () => false }, { connectTimeoutMs: 2_000 });
    const error = await errorOf(connect, server.url);
    expect(error).toBeInstanceOf(BlockedAddressError);
    await server.close();
  });
});
