import { invalidAt } from '../definition.ts';
import { addressOf } from './address.ts';
import { type DemandReader, ofText, textAt } from './demand.ts';

const form = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/;

const startsAlike = (left: readonly number[], right: readonly number[], bits: number): boolean =>
  left.every((octet, i) => {
    const within = Math.min(8, Math.max(0, bits - 8 * i));
    return octet >> (8 - within) === (right[i] ?? 0) >> (8 - within);
  });

/** Addresses of one network, as `10.0.0.0/24`. */
export const cidr: DemandReader = (argument, pointer) => {
  const text = textAt(argument, pointer);
  const [, network = '', mask = ''] = form.exec(text) ?? [];
  const octets = addressOf(network);
  const bits = Number(mask);
  if (octets === undefined)
    throw invalidAt(pointer, 'must be an IP address, a / and how many of its bits count');
  if (bits >= 8 * octets.length)
    throw invalidAt(pointer, `must have fewer than ${8 * octets.length} bits that count`);
  return ofText(`an IP address within ${text}`, (seen) => {
    const address = addressOf(seen);
    return address?.length === octets.length && startsAlike(octets, address, bits);
  });
};
