import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { type AddressGuard, BlockedAddressError } from './address-guard.ts';

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** Resolves names to allowed addresses only, so that not even a handshake goes to another one. */
const guardedLookup =
  (guard: AddressGuard): LookupFunction =>
  (hostname, options, callback) => {
    const done = callback as LookupCallback;
    const wanted: LookupAllOptions = { ...options, family: options.family ?? 0, all: true };
    lookup(hostname, wanted, (error, addresses) => {
      if (error) return done(error, []);
      const allowed = addresses.filter(({ address }) => guard.allows(address));
      const [first] = allowed;
      if (!first) return done(new BlockedAddressError(), []);
      return options.all ? done(null, allowed) : done(null, first.address, first.family);
    });
  };

/**
 * Opens connections to allowed peers only. What counts is the address of the connected socket:
 * neither a name that resolves differently the second time nor a literal gets around it.
 */
export const guardedConnector = (
  guard: AddressGuard,
  options: { readonly connectTimeoutMs: number },
): buildConnector.connector => {
  const connect = buildConnector({
    timeout: options.connectTimeoutMs,
    allowH2: false,
    lookup: guardedLookup(guard),
  });
  return (target, callback) =>
    connect(target, (...result) => {
      const [error, socket] = result;
      if (error === null && !guard.allows(socket.remoteAddress ?? '')) {
        socket.destroy();
        return callback(new BlockedAddressError(), null);
      }
      return callback(...result);
    });
};
