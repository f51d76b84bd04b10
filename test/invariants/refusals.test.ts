import { describe } from 'vitest';
import type { DataOf } from '../../src/domain/events.ts';
import { instantOf, type Written } from '../views/history.ts';
import { itAllows, itFinds } from './cases.ts';
import { of, turn } from './stories.ts';

const refused = (changes: Partial<DataOf<'DeliveriesRefused'>> = {}): Written => ({
  stream: 'refusal-1',
  fact: {
    type: 'DeliveriesRefused',
    data: {
      ...{ path: 't', trigger: 't', status: 401, reason: 'no-match', skewSeconds: null },
      ...{ count: 1, first: instantOf(1), last: instantOf(1), remote: '::1' },
      ...changes,
    },
  },
});
const many = { count: 7, last: instantOf(2), remote: null };

describe('deliveries refused', () => {
  itAllows([
    ['one by itself', refused()],
    ['many of one kind', refused(many)],
    ['those at a path that nobody has', refused({ path: 'x', trigger: null })],
    ['those of a trigger that is gone by now', turn('TriggerRetired'), refused(many)],
  ]);
  itFinds([
    ['nobody is in umbrella', of('umbrella', refused({ trigger: null }))],
    ['t is of acme, not of umbrella', of('umbrella', refused())],
    ['is behind the last', refused({ first: instantOf(3) })],
    ['::1 stands for 2', refused({ count: 2 })],
  ]);
});
