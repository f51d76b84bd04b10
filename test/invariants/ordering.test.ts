import { describe } from 'vitest';
import { invocationStream, retryIdOf } from '../../src/domain/ids.ts';
import type { Written } from '../views/history.ts';
import { itAllows, itFinds } from './cases.ts';
import {
  aFunction,
  arrive,
  aTrigger,
  cancel,
  fail,
  idOf,
  queue,
  start,
  succeed,
} from './stories.ts';

const orders = { path: 't', concurrency: 10, orderingKey: { pointer: '/id' } };
const ordered = [
  aFunction(),
  aTrigger('t', { triggerMetadata: orders }),
  aTrigger('u', { triggerMetadata: { ...orders, path: 'u' } }),
];
const keyed = (arrivalId: string, id: string | null = 'k'): Written =>
  arrive(arrivalId, { body: { encoding: 'utf8', content: JSON.stringify({ id }) } });
const beginning = [...ordered, keyed('a'), keyed('b'), keyed('c')];
const k = { orderingKey: 'k' };
const [a, b, c] = [queue('a', k), queue('b', k), queue('c', k)];
const done = (...ids: string[]): readonly Written[] =>
  ids.flatMap((id) => [start(id), succeed(id)]);
const line = '["t","f","k"]';

const again = retryIdOf(idOf('a'), 1);
const ofAgain = { invocationId: again };
const asked: Written = {
  stream: invocationStream(idOf('a')),
  fact: {
    type: 'InvocationRetried',
    data: { invocationId: idOf('a'), triggerId: 't', retriedAs: again },
  },
};
const doneAgain = [start('a', 1, ofAgain), succeed('a', 1, ofAgain)];
const repeated = queue('a', { ...k, ...ofAgain, retryOf: idOf('a') });

describe('a line of equal ordering keys', () => {
  itAllows(
    [
      ['one after the other', a, b, c, ...done('a', 'b', 'c')],
      [
        'retries of the first before the second',
        a,
        b,
        c,
        start('a'),
        fail('a'),
        start('a', 2),
        succeed('a', 2),
        ...done('b', 'c'),
      ],
      ['an end without a start', a, b, c, start('a'), cancel('b'), succeed('a'), ...done('c')],
      ['records in another order than arrivals', c, b, a, ...done('a', 'b', 'c')],
      [
        'a repetition behind those before it',
        a,
        b,
        c,
        ...done('a'),
        asked,
        repeated,
        ...done('b', 'c'),
        ...doneAgain,
      ],
      [
        'a repetition before what came meanwhile',
        a,
        b,
        c,
        ...done('a', 'b', 'c'),
        asked,
        keyed('d'),
        queue('d', k),
        repeated,
        ...doneAgain,
        ...done('d'),
      ],
      [
        'a repetition behind what came meanwhile',
        a,
        b,
        c,
        ...done('a', 'b', 'c'),
        asked,
        keyed('d'),
        queue('d', k),
        repeated,
        ...done('d'),
        ...doneAgain,
      ],
    ],
    beginning,
  );
  itFinds(
    [
      [
        `${idOf('b')} started before its turn: ${idOf('a')} of ${line} has no outcome yet`,
        a,
        b,
        c,
        start('b'),
        succeed('b'),
        ...done('a', 'c'),
      ],
      [
        `${idOf('b')} started before its turn: ${idOf('a')}`,
        a,
        b,
        c,
        start('a'),
        start('b'),
        succeed('a'),
        succeed('b'),
        ...done('c'),
      ],
      [
        `${idOf('b')} started before its turn: ${idOf('a')}`,
        a,
        b,
        c,
        start('a'),
        fail('a'),
        start('b'),
        succeed('b'),
        start('a', 2),
        succeed('a', 2),
        ...done('c'),
      ],
      [`${idOf('b')} started before its turn: ${idOf('a')}`, b, a, c, ...done('b', 'a', 'c')],
      [
        `${idOf('c')} started before its turn: ${idOf('b')}`,
        a,
        b,
        c,
        ...done('a'),
        start('c'),
        succeed('c'),
        ...done('b'),
      ],
      [
        `${again} started before its turn: ${idOf('b')}`,
        a,
        ...done('a'),
        b,
        start('b'),
        asked,
        repeated,
        start('a', 1, ofAgain),
        succeed('b'),
        succeed('a', 1, ofAgain),
        c,
        ...done('c'),
      ],
    ],
    beginning,
  );
  itFinds(
    [
      [
        `${idOf('a')} of ${line} was overtaken before it was queued`,
        b,
        ...done('b'),
        a,
        ...done('a'),
        c,
        ...done('c'),
      ],
    ],
    beginning,
    [{ remembers: 'all' }],
  );
  itAllows(
    [
      [
        'what has another key, or none, at once',
        queue('a', k),
        queue('b', { orderingKey: 'l' }),
        queue('c'),
        ...done('b', 'c', 'a'),
      ],
    ],
    [...ordered, keyed('a'), keyed('b', 'l'), keyed('c', null)],
  );
});
