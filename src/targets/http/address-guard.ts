import { BlockList, isIP } from 'node:net';

type Range = readonly [address: string, prefix: number];

/** Cloud metadata and everything that can never be someone's endpoint: refused in every mode. */
const never: readonly Range[] = [
  ['0.0.0.0', 8],
  ['100.100.100.200', 32],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['100:0:0:1::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fd00:ec2::', 32],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

/** Reachable only where the operator has said so. */
const inside: readonly Range[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['::1', 128],
  ['fc00::', 7],
];

const listOf = (ranges: readonly Range[]): BlockList => {
  const list = new BlockList();
  for (const [address, prefix] of ranges) {
    list.addSubnet(address, prefix, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  // What is left of the IPv4-compatible form, long deprecated; `::` and `::1` have rows of their own.
  list.addRange('::2', '::ffff:ffff', 'ipv6');
  return list;
};

/**
 * Tells whether an address may be called. IPv4 ranges also hold for their IPv4-mapped form;
 * translated forms (NAT64, 6to4, Teredo) are refused as a whole, since what is behind them
 * cannot be seen from here.
 */
export interface AddressGuard {
  /** False for everything that is not an IP address. */
  allows(address: string): boolean;
}

export const createAddressGuard = (options: { readonly allowPrivate: boolean }): AddressGuard => {
  const blocked = listOf(options.allowPrivate ? never : [...never, ...inside]);
  return {
    allows(address) {
      const bare = address.split('%', 1)[0] ?? '';
      const family = isIP(bare);
      return family !== 0 && !blocked.check(bare, family === 6 ? 'ipv6' : 'ipv4');
    },
  };
};

export class BlockedAddressError extends Error {
  readonly code = 'TRIPLINE_BLOCKED_ADDRESS';

  /** The address stays out of the text: it would tell a tenant about the network inside. */
  constructor() {
    super('the address of the target is not allowed');
    this.name = 'BlockedAddressError';
  }
}
