import { expect, it } from 'vitest';
import { TriplineError } from '../../../src/domain/errors.ts';
import type { ReplayOrder } from '../../../src/domain/replay/order.ts';
import { candidatesOf } from '../../../src/running/replays/candidates.ts';
import type { Views } from '../../../src/views/views.ts';

const order = {
  among: { arrivals: { ids: ['a', 'b'] } },
  upTo: '0009',
} as unknown as ReplayOrder;

it('looks for arrivals by their ids again where the views were away', async () => {
  let isAway = true;
  const get = async (_: string, arrivalId: string) => {
    if (isAway) throw new TriplineError('store-unavailable', 'away');
    return { arrivalId, workspace: 'acme', position: arrivalId === 'a' ? '0002' : '0001' };
  };
  const next = candidatesOf({ get, find: undefined } as unknown as Views, 'acme', order);
  await expect(next('', 10)).rejects.toThrow('away');
  isAway = false;
  const { candidates } = await next('', 10);
  expect(candidates.map(({ arrival }) => arrival.arrivalId)).toEqual(['b', 'a']);
});
