import { expect, it } from 'vitest';
import { refusals, refusalsKept } from '../../projections/refusals.ts';
import type { DataOf } from '../../src/domain/events.ts';
import { recorded, type Written } from '../views/history.ts';
import { folded } from './folding.ts';

const refused = (path: string): Written => {
  const data: DataOf<'DeliveriesRefused'> = {
    ...{ path, trigger: 't', status: 401, reason: 'no-match', skewSeconds: null },
    ...{ count: 1, first: '2026-01-01T00:00:00.000Z', last: '2026-01-01T00:00:00.000Z' },
    remote: null,
  };
  return { stream: `refusal-${path}`, fact: { type: 'DeliveriesRefused', data } };
};

it('has what was refused, where and why', () => {
  const { documents } = folded(refusals, recorded([refused('a'), refused('b')]));
  expect(Object.values(documents)).toMatchObject([
    { workspace: 'acme', path: 'a', triggerId: 't', reason: 'no-match' },
    { path: 'b' },
  ]);
});

it('puts each new one in the place of the oldest when it is full', () => {
  const events = recorded([refused('old'), refused('new')]);
  const before = folded(refusals, events.slice(0, 1));
  const after = folded(refusals, events.slice(1), { ...before, ordinal: refusalsKept });
  expect(Object.values(after.documents)).toMatchObject([{ path: 'new' }]);
});
