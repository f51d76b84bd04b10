import { describe } from 'vitest';
import type { Written } from '../views/history.ts';
import { itAllows, itFinds, usual } from './cases.ts';
import {
  aFunction,
  arrive,
  aTrigger,
  cancel,
  from,
  idOf,
  queue,
  revise,
  start,
  succeed,
} from './stories.ts';

const two = { path: 't', queueCapacity: 2 };
const hook = [aFunction(), aTrigger('t', { triggerMetadata: two })];
const bus = (overflow: string, queueCapacity = 1) => ({
  executionType: 'message',
  triggerMetadata: { topic: 'm', queueCapacity, overflow, concurrency: 1 },
});
const message = (id: string): Written => arrive(id, from('message', 'm'));
const reason = { reason: 'dropped: queue full' };
const drop = (id: string): Written => cancel(id, 0, reason);
const ended = (...ids: string[]): readonly Written[] =>
  ids.flatMap((id) => [queue(id), cancel(id)]);
const done = (id: string): readonly Written[] => [start(id), succeed(id)];
const accepted = (id: string): readonly Written[] => [message(id), queue(id)];

describe('the room of a trigger that turns senders away', () => {
  itAllows(
    [
      ['as many as it has', arrive('a'), arrive('b'), ...ended('a', 'b')],
      [
        'one more when one has started',
        arrive('a'),
        arrive('b'),
        queue('a'),
        start('a'),
        arrive('c'),
        ...ended('b', 'c'),
        succeed('a'),
      ],
      [
        'one more when one has ended unstarted',
        arrive('a'),
        arrive('b'),
        ...ended('a'),
        arrive('c'),
        ...ended('b', 'c'),
      ],
      [
        'what was let in when it was lowered',
        arrive('a'),
        revise('t', { triggerMetadata: { ...two, queueCapacity: 1 } }),
        arrive('b'),
        ...ended('a'),
        queue('b', { triggerVersion: 2 }),
        cancel('b'),
      ],
    ],
    hook,
  );
  itFinds(
    [
      [
        'arrival c: t has 3 events waiting and room for 2',
        ...['a', 'b', 'c'].map((id) => arrive(id)),
      ],
      [
        'arrival c: t has 3 events waiting and room for 2',
        arrive('a'),
        queue('a'),
        arrive('b'),
        queue('b'),
        arrive('c'),
      ],
    ],
    hook,
  );
});

describe('the room of a trigger that drops', () => {
  const dropping = [aFunction(), aTrigger('t', bus('drop'))];
  itAllows(
    [
      [
        'one that waits and one that is about to start',
        ...accepted('a'),
        ...accepted('b'),
        ...done('a'),
        ...done('b'),
      ],
      [
        'an end at once for what has no room',
        ...accepted('a'),
        start('a'),
        ...accepted('b'),
        ...accepted('c'),
        drop('c'),
        succeed('a'),
        ...done('b'),
      ],
      [
        'an end at once beyond what might be about to start',
        ...accepted('a'),
        ...accepted('b'),
        ...accepted('c'),
        drop('c'),
        ...done('a'),
        ...done('b'),
      ],
    ],
    dropping,
  );
  itFinds(
    [
      [
        `${idOf('c')} was not dropped: t has 3 events waiting and room for 2`,
        ...accepted('a'),
        ...accepted('b'),
        ...accepted('c'),
        ...done('a'),
      ],
      [
        `${idOf('c')} was not dropped: t has 3 events waiting and room for 2`,
        ...accepted('a'),
        ...accepted('b'),
        ...accepted('c'),
      ],
    ],
    dropping,
  );
});

describe('the room of a trigger that keeps', () => {
  const keeping = [aFunction(), aTrigger('t', bus('keep'))];
  itAllows(
    [
      [
        'whatever comes',
        ...['a', 'b', 'c', 'd'].flatMap((id) => accepted(id)),
        ...['a', 'b', 'c', 'd'].flatMap((id) => done(id)),
      ],
    ],
    keeping,
  );
  itFinds(
    [[`${idOf('a')} was dropped, which t does not want`, ...accepted('a'), drop('a')]],
    keeping,
  );
});

describe('what has no room', () => {
  itFinds(
    [[`${idOf('a')} was dropped, which t does not want`, arrive('a'), queue('a'), drop('a')]],
    usual,
  );
  itFinds(
    [
      [
        `${idOf('a')} was dropped, which t does not want`,
        ...accepted('a'),
        start('a'),
        cancel('a', 1, reason),
      ],
    ],
    [aFunction(), aTrigger('t', bus('drop'))],
  );
});
