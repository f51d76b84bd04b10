import { describe } from 'vitest';
import { invocationStream, retryIdOf } from '../../src/domain/ids.ts';
import type { Written } from '../views/history.ts';
import { itAllows, itFinds, usual } from './cases.ts';
import { arrive, cancel, idOf, queue, start, turn } from './stories.ts';

const id = idOf('a');
const first = retryIdOf(id, 1);
const second = retryIdOf(id, 2);
const ended = [...usual, arrive('a'), queue('a'), cancel('a')];

const ask = (retriedAs = first, invocationId = id): Written => ({
  stream: invocationStream(invocationId),
  fact: { type: 'InvocationRetried', data: { invocationId, triggerId: 't', retriedAs } },
});
const repeat = (
  invocationId = first,
  changes: Parameters<typeof queue>[1] = {},
): readonly Written[] => [
  queue('a', { invocationId, retryOf: id, ...changes }),
  cancel('a', 0, { invocationId }),
];

describe('a repetition', () => {
  itAllows(
    [
      ['one', ask(), ...repeat()],
      ['several', ask(), ask(second), ...repeat(second), ...repeat()],
      ['one of a deleted trigger', turn('TriggerRetired'), ask(), ...repeat()],
      ['one with other terms', ask(), ...repeat(first, { timeoutMs: 1 })],
    ],
    ended,
  );
  itFinds(
    [
      [`${id} was not repeated as ${first}`, ask()],
      [`${first} repeats ${id}, but null was asked for`, ...repeat()],
      [
        `${first} repeats null, but ${id} was asked for`,
        ask(),
        ...repeat(first, { retryOf: null }),
      ],
    ],
    ended,
  );
  itFinds(
    [
      [
        `${id} is to be repeated, but has not ended`,
        ask(),
        start('a'),
        cancel('a', 1),
        ...repeat(),
      ],
    ],
    [...usual, arrive('a'), queue('a')],
  );
  itFinds(
    [
      [`${first} was queued before`, ask(), ...repeat(), ask(first), ...repeat()],
      [`${id} is repeated as other, not ${first}`, ask('other'), ...repeat('other')],
      [`${first} calls another function`, ask(), ...repeat(first, { functionId: 'g' })],
      [
        `${first} has another orderingKey than ${id}`,
        ask(),
        ...repeat(first, { orderingKey: 'k' }),
      ],
      [`${idOf('never')} is to be repeated`, ask(first, idOf('never'))],
    ],
    ended,
    [{ remembers: 'all' }],
  );
});
