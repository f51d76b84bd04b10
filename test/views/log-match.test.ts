import { expect, it } from 'vitest';
import { beginning } from '../../src/domain/position.ts';
import { fitsLog } from '../../src/views/log-match.ts';
import { positionOf, recorded } from './history.ts';
import { triggerRegistered } from './stories.ts';
import { storeWith } from './view-engine-setup.ts';

const history = recorded([triggerRegistered('t1'), triggerRegistered('t2')]);
const idOf = (place: number) => history[place - 1]?.id ?? '';

it.each([
  ['nothing folded yet', beginning, null, true],
  ['the first event in its place', positionOf(1), idOf(1), true],
  ['the last event in its place', positionOf(2), idOf(2), true],
  ['another event in its place', positionOf(2), idOf(1), false],
  ['a log that is shorter', positionOf(3), idOf(2), false],
] as const)('what was folded is this log where there is %s', async (_, position, eventId, fits) => {
  const reader = await storeWith(history);
  expect(await fitsLog(reader, { position, eventId })).toBe(fits);
});

it('one event is read for it, however long the log is', async () => {
  const store = await storeWith(history);
  const asked: unknown[] = [];
  const reader = {
    readAll: (options?: Parameters<typeof store.readAll>[0]) => {
      asked.push(options);
      return store.readAll(options);
    },
  };
  await fitsLog(reader, { position: positionOf(1), eventId: idOf(1) });
  await fitsLog(reader, { position: beginning, eventId: null });
  expect(asked).toEqual([{ from: positionOf(1), maxCount: 1 }]);
});
