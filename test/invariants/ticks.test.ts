import { describe } from 'vitest';
import type { DataOf } from '../../src/domain/events.ts';
import { arrivalStream } from '../../src/domain/ids.ts';
import type { Written } from '../views/history.ts';
import { itAllows, itFinds } from './cases.ts';
import { aFunction, arrive, aTrigger, cancel, queue, revise } from './stories.ts';

const minute = (n: number): string => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
const scheduled = (interval = 60, overlap = 'queue') => ({
  executionType: 'scheduled',
  triggerMetadata: { interval, overlap },
});
const beginning = [aFunction(), aTrigger('t', scheduled())];

const tick = (instant: string, id: string): Written =>
  arrive(id, { source: { kind: 'scheduled', key: 't' }, deliveryId: `t@${instant}` });
const fire = (n: number, id = `at-${n}`, version = 1): readonly Written[] => [
  tick(minute(n), id),
  queue(id, { triggerVersion: version }),
  cancel(id),
];
const passed = (name: string, fact: Written['fact']): Written => ({
  stream: arrivalStream(name),
  fact,
});
const miss = (first: number, last: number, changes: Partial<DataOf<'TicksMissed'>> = {}): Written =>
  passed(`${changes.reason}-${first}-${last}-${changes.count}`, {
    type: 'TicksMissed',
    data: {
      triggerId: 't',
      reason: 'missed',
      first: minute(first),
      last: minute(last),
      count: last - first + 1,
      instants: Array.from({ length: last - first + 1 }, (_, at) => minute(first + at)),
      ...changes,
    },
  });
const note = (n: number): Written => miss(n, n, { reason: 'DST-gap', instants: [] });
const skip = (n: number): Written =>
  passed(`skip-${n}`, {
    type: 'TickSkipped',
    data: { triggerId: 't', scheduledAt: minute(n), reason: 'overlap' },
  });

describe('the instants of a schedule', () => {
  itAllows(
    [
      ['one record each', ...fire(1), miss(2, 4), ...fire(5), miss(6, 6)],
      ['one record for many', miss(1, 900, { instants: [] }), ...fire(901)],
      ['what clocks did beside what was planned', note(1), ...fire(1)],
      [
        'an instant that a new plan holds as well',
        miss(1, 3),
        revise('t', scheduled(30)),
        ...fire(2, 'again', 2),
      ],
    ],
    beginning,
  );
  itFinds(
    [
      [`t@${minute(1)} fires twice`, ...fire(1), ...fire(1, 'again')],
      [`t@${minute(1)} fires twice`, ...fire(1), revise('t', scheduled(30)), ...fire(1, 'x', 2)],
      [`t@${minute(2)} has fired and is missed`, ...fire(2), miss(1, 3)],
      [`t@${minute(2)} fires, but has ended before`, miss(1, 3), ...fire(2)],
      [`t@${minute(3)} is missed, but has ended before`, miss(1, 3), miss(3, 4)],
      [`t@${minute(9)} is missed, but has ended before`, miss(1, 9, { instants: [] }), miss(9, 9)],
      ['arrival x is no tick of t', tick('later', 'x'), queue('x'), cancel('x')],
      ['arrival x is no tick of t', arrive('x', { source: { kind: 'scheduled', key: 't' } })],
      ['t missed 3 ticks from', miss(1, 3, { instants: [minute(1), minute(2)] })],
      ['t missed 2 ticks from', miss(1, 2, { instants: [minute(2), minute(1)] })],
      ['which cannot be', miss(3, 1, { count: 3, instants: [] })],
      ['which cannot be', miss(1, 3, { count: 1, instants: [] })],
      [
        `t: DST-gap@${minute(1)} is told twice`,
        note(1),
        ...fire(1),
        miss(1, 1, { reason: 'DST-gap', instants: [], count: 1, last: minute(1) }),
      ],
      [`t@${minute(1)} is skipped, which t does not want`, skip(1)],
    ],
    beginning,
  );
  itAllows(
    [['a tick that overlaps', ...fire(1), skip(2), ...fire(3)]],
    [aFunction(), aTrigger('t', scheduled(60, 'skip'))],
  );
  itFinds(
    [[`t@${minute(1)} has fired and is skipped`, ...fire(1), skip(1)]],
    [aFunction(), aTrigger('t', scheduled(60, 'skip'))],
  );
});
