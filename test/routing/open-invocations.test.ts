import { expect, it } from 'vitest';
import type { QueueEntry } from '../../projections/queue.ts';
import { createOpenInvocations } from '../../src/routing/open-invocations.ts';

const entry = (triggerId: string, invocationId: string, attempt = 0) =>
  ({ triggerId, invocationId, attempt }) as QueueEntry;

it('what is open is what came and has not gone, oldest first, by trigger', () => {
  const open = createOpenInvocations();
  expect(open.of('t')).toEqual([]);
  for (const id of ['b', 'a', 'c']) open.changed(undefined, entry('t', id));
  open.changed(undefined, entry('other', 'd'));
  expect([open.of('t'), open.of('other')]).toEqual([['b', 'a', 'c'], ['d']]);

  open.changed(entry('t', 'b'), entry('t', 'b', 1));
  expect(open.of('t')).toEqual(['b', 'a', 'c']);
  open.changed(entry('t', 'a'), undefined);
  expect(open.of('t')).toEqual(['b', 'c']);
  open.changed(undefined, undefined);

  for (const id of ['b', 'c']) open.changed(entry('t', id), undefined);
  expect([open.of('t'), open.of('other')]).toEqual([[], ['d']]);
  open.changed(entry('t', 'gone before'), undefined);
  expect(open.of('t')).toEqual([]);
});
