import { describe, expect, it } from 'vitest';
import type { ArrivalDocument } from '../../../projections/arrivals.ts';
import type { DeadLetter } from '../../../projections/dead-letters.ts';
import { TriplineError } from '../../../src/domain/errors.ts';
import type { ReplayOrder } from '../../../src/domain/replay/order.ts';
import { candidatesOf } from '../../../src/running/replays/candidates.ts';
import { cursorOf } from '../../../src/views/find-statement.ts';
import type { Views } from '../../../src/views/views.ts';

const arrivalAt = (position: string, more: Partial<ArrivalDocument> = {}) =>
  ({
    ...{ arrivalId: `at-${position}`, workspace: 'acme', position, deliveryId: null },
    ...{ sourceKind: 'webhook', sourceKey: 'github' },
    ...more,
  }) as ArrivalDocument;

const orderOf = (among: ReplayOrder['among'], upTo = '0009') =>
  ({ among, upTo }) as unknown as ReplayOrder;

interface Asked {
  readonly name: string;
  readonly query: Record<string, unknown>;
}

/** Views that have these arrivals and dead letters, in pages as they are asked for. */
const viewsOf = (arrivals: readonly ArrivalDocument[], dead: readonly DeadLetter[] = []) => {
  const asked: Asked[] = [];
  const state = { isAway: false };
  const get = async (name: string, id: string) => {
    if (state.isAway) throw new TriplineError('store-unavailable', 'away');
    if (name === 'arrivals') return arrivals.find(({ arrivalId }) => arrivalId === id);
    const arrival = arrivals.find(({ arrivalId }) => id === `i-${arrivalId}`);
    return arrival && { arrivalId: arrival.arrivalId };
  };
  const find = async (name: string, query: { readonly limit: number; readonly after?: string }) => {
    asked.push({ name, query });
    const all: readonly { readonly position: string }[] = name === 'arrivals' ? arrivals : dead;
    const left = all.filter(({ position }) => (query.after ?? '') < cursorOf(position));
    const documents = left.slice(0, query.limit);
    return { documents, next: left.length > query.limit ? 'more' : null };
  };
  return { asked, state, views: { get, find } as unknown as Views };
};

const found = async (
  next: Promise<{ readonly candidates: readonly object[]; readonly upTo: string }>,
) => {
  const { candidates, upTo } = await next;
  const ids = candidates.map(
    (one) => (one as { readonly arrival: ArrivalDocument }).arrival.arrivalId,
  );
  return { ids, upTo };
};

const places = ['0001', '0002', '0003', '0005'];
const arrivals = places.map((position) => arrivalAt(position));

describe('events by their ids', () => {
  const ids = ['at-0005', 'at-0001', 'at-0003', 'at-0001', 'nobody'];
  const order = orderOf({ arrivals: { ids } });

  it('come in the order of the log, each once, a page at a time', async () => {
    const next = candidatesOf(viewsOf(arrivals).views, 'acme', order);
    expect(await found(next('', 2))).toEqual({ ids: ['at-0001', 'at-0003'], upTo: '0003' });
    expect(await found(next('0003', 2))).toEqual({ ids: ['at-0005'], upTo: '0009' });
    expect(await found(next('0005', 2))).toEqual({ ids: [], upTo: '0009' });
    expect(await found(next('', 3))).toEqual({
      ...{ ids: ['at-0001', 'at-0003', 'at-0005'], upTo: '0009' },
    });
  });

  it('end where the order does', async () => {
    const next = candidatesOf(viewsOf(arrivals).views, 'acme', orderOf(order.among, '0004'));
    expect(await found(next('', 10))).toEqual({ ids: ['at-0001', 'at-0003'], upTo: '0004' });
    expect(await found(next('', 3))).toEqual({ ids: ['at-0001', 'at-0003'], upTo: '0004' });
  });

  it('are those of the workspace, the source and the delivery', async () => {
    const strangers = [
      arrivalAt('0001', { workspace: 'other' }),
      arrivalAt('0002', { sourceKind: 'message' }),
      arrivalAt('0003', { sourceKey: 'gitlab' }),
      arrivalAt('0004', { deliveryId: 'another' }),
      arrivalAt('0005', { deliveryId: 'this one' }),
    ];
    const all = strangers.map(({ arrivalId }) => arrivalId);
    const idsOf = async (filters: object) => {
      const among = { arrivals: { ids: all, ...filters } };
      const next = candidatesOf(viewsOf(strangers).views, 'acme', orderOf(among));
      return (await found(next('', 10))).ids;
    };
    const source = { kind: 'webhook', key: 'github' };
    expect(await idsOf({})).toEqual(all.slice(1));
    expect(await idsOf({ source })).toEqual(['at-0004', 'at-0005']);
    expect(await idsOf({ deliveryId: 'this one' })).toEqual(['at-0005']);
    expect(await idsOf({ source, deliveryId: 'none' })).toEqual([]);
  });

  it('are looked for again where the views were away', async () => {
    const { views, state } = viewsOf(arrivals);
    const next = candidatesOf(views, 'acme', order);
    state.isAway = true;
    await expect(next('', 10)).rejects.toThrow('away');
    state.isAway = false;
    expect((await found(next('', 10))).ids).toEqual(['at-0001', 'at-0003', 'at-0005']);
  });
});

describe('events by what they are', () => {
  it('are asked for a page at a time, behind a place, with what is known of them', async () => {
    const { views, asked } = viewsOf(arrivals);
    const source = { kind: 'webhook', key: 'github' };
    const filters = { arrivals: { source, deliveryId: 'd' } };
    const next = candidatesOf(views, 'acme', orderOf(filters));
    expect(await found(next('', 2))).toEqual({ ids: ['at-0001', 'at-0002'], upTo: '0002' });
    expect(await found(next('0002', 2))).toEqual({ ids: ['at-0003', 'at-0005'], upTo: '0009' });
    const where = {
      workspace: 'acme',
      sourceKind: 'webhook',
      sourceKey: 'github',
      deliveryId: 'd',
    };
    expect(asked).toEqual([
      { name: 'arrivals', query: { where, order: 'asc', limit: 2, after: undefined } },
      { name: 'arrivals', query: { where, order: 'asc', limit: 2, after: cursorOf('0002') } },
    ]);
  });

  it('end where the order does, though there are more', async () => {
    const next = candidatesOf(viewsOf(arrivals).views, 'acme', orderOf({ arrivals: {} }, '0002'));
    expect(await found(next('', 3))).toEqual({ ids: ['at-0001', 'at-0002'], upTo: '0002' });
    const early = candidatesOf(viewsOf(arrivals).views, 'acme', orderOf({ arrivals: {} }, '0000'));
    expect(await found(early('', 3))).toEqual({ ids: [], upTo: '0000' });
  });

  it('are none where there are none', async () => {
    const next = candidatesOf(viewsOf([]).views, 'acme', orderOf({ arrivals: {} }));
    expect(await found(next('', 3))).toEqual({ ids: [], upTo: '0009' });
  });
});

describe('what died', () => {
  const dead = places.map(
    (position) =>
      ({ position, invocationId: `i-at-${position}`, triggerId: 't' }) as unknown as DeadLetter,
  );

  it('names the event that it was for, and itself', async () => {
    const { views, asked } = viewsOf(arrivals, dead);
    const deadLetters = { triggerId: 't', reason: 'gone' };
    const next = candidatesOf(views, 'acme', orderOf({ deadLetters }));
    const { candidates, upTo } = await next('0001', 2);
    expect(upTo).toBe('0003');
    expect(candidates).toEqual([
      { arrival: arrivals[1], died: dead[1] },
      { arrival: arrivals[2], died: dead[2] },
    ]);
    const where = { workspace: 'acme', ...deadLetters };
    const query = { where, order: 'asc', limit: 2, after: cursorOf('0001') };
    expect(asked).toEqual([{ name: 'dead-letters', query }]);
    expect((await next('0003', 2)).upTo).toBe('0009');
  });

  it('is passed over where its event is not known', async () => {
    const next = candidatesOf(viewsOf([], dead).views, 'acme', orderOf({ deadLetters: {} }));
    expect(await found(next('', 2))).toEqual({ ids: [], upTo: '0002' });
  });
});
