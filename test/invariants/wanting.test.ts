import { expect, it } from 'vitest';
import type { DataOf } from '../../src/domain/events.ts';
import type { Trigger } from '../../src/invariants/register.ts';
import { isWantedBy } from '../../src/invariants/wanting.ts';

const wanted = (filter: unknown, body: string | undefined) => {
  const metadata = filter === undefined ? {} : { filter };
  const arrival = { body: { size: 2, commitment: '' } } as unknown as DataOf<'EventArrived'>;
  const bytes = () => (body === undefined ? undefined : Buffer.from(body));
  return isWantedBy({ metadata } as unknown as Trigger, arrival, bytes);
};
const nested = { eventfilter: { payload: { data: { k: ['x', 'y'] } } } };

it.each([
  [undefined, 'anything', true],
  [nested, '{"data":{"k":"y"}}', true],
  [nested, '{"data":{"k":"z"}}', false],
  [nested, '{"data":{}}', false],
  [nested, '{"data":"x"}', false],
  [nested, '[]', false],
])('the filter %j lets %s through: %s', (filter, body, verdict) => {
  expect(wanted(filter, body)).toBe(verdict);
});

it.each([
  [nested, undefined],
  [nested, 'no JSON'],
  [{ cesql: 'TRUE' }, '{}'],
  [{ eventfilter: { headers: { a: ['b'] } } }, '{}'],
  [{ eventfilter: { payload: { k: [{ $gt: 1 }] } } }, '{"k":2}'],
])('of the filter %j nobody can tell here whether it lets %s through', (filter, body) => {
  expect(wanted(filter, body)).toBeUndefined();
});
