import { describe } from 'vitest';
import type { Written } from '../views/history.ts';
import { itAllows, itFinds } from './cases.ts';
import {
  aFunction,
  arrive,
  aTrigger,
  cancel,
  fail,
  gone,
  idOf,
  lose,
  queue,
  revise,
  start,
  succeed,
  turn,
} from './stories.ts';

const names = ['a', 'b', 'c', 'd'];
const allowing = (concurrency: number) => ({ triggerMetadata: { path: 't', concurrency } });
const waiting = names.flatMap((name) => [arrive(name), queue(name)]);
const two = [aFunction('f', { concurrency: 10 }), aTrigger('t', allowing(2)), ...waiting];
const starts = (...ids: string[]): readonly Written[] => ids.map((id) => start(id));
const end = (...ids: string[]): readonly Written[] => ids.map((id) => cancel(id, 1));
const unrun = (...ids: string[]): readonly Written[] => ids.map((id) => cancel(id));
const fOf = (concurrency: number, version: number): Written => ({
  ...aFunction('f', { concurrency, version }),
  fact: { type: 'FunctionRevised', data: aFunction('f', { concurrency, version }).fact.data },
});
const over = (id: string, limits: string) => `${idOf(id)} started though ${limits}`;

describe('the concurrency of a trigger', () => {
  itAllows(
    [
      [
        'as many as it has',
        ...starts('a', 'b'),
        ...end('a', 'b'),
        ...starts('c', 'd'),
        ...end('c', 'd'),
      ],
      [
        'one more when one waits for its retry',
        ...starts('a', 'b'),
        fail('a'),
        start('c'),
        lose('b'),
        start('d'),
        ...end('c', 'd'),
        start('a', 2),
        start('b', 2),
        cancel('a', 2),
        cancel('b', 2),
      ],
      [
        'more when it is raised',
        ...starts('a', 'b'),
        revise('t', allowing(3)),
        start('c'),
        ...end('a', 'b', 'c'),
        ...unrun('d'),
      ],
      [
        'what was begun when it was lowered',
        start('a'),
        revise('t', allowing(1)),
        start('b'),
        ...end('a', 'b'),
        ...unrun('c', 'd'),
      ],
      [
        'what was begun when it was stopped',
        start('a'),
        turn('TriggerPaused'),
        start('b'),
        ...end('a', 'b'),
      ],
      [
        'what was begun when it was deleted',
        start('a'),
        turn('TriggerRetired'),
        start('b'),
        ...end('a', 'b'),
        ...unrun('c', 'd'),
      ],
    ],
    two,
  );
  itFinds(
    [
      [over('c', 'trigger t runs 3 at once and may run 2'), ...starts('a', 'b', 'c')],
      [
        over('b', 'trigger t runs 2 at once and may run 1'),
        ...starts('a', 'c'),
        revise('t', allowing(1)),
        fail('a'),
        start('b'),
      ],
      [
        over('c', 'trigger t runs 2 at once and may run 1'),
        start('a'),
        revise('t', allowing(1)),
        start('b'),
        succeed('b'),
        start('c'),
      ],
      [
        over('c', 'trigger t runs 1 at once and may run 0'),
        ...starts('a', 'b'),
        turn('TriggerPaused'),
        ...end('a', 'b'),
        start('c'),
      ],
      [
        over('c', 'trigger t runs 3 at once and may run 2'),
        turn('TriggerPaused'),
        turn('TriggerResumed'),
        ...starts('a', 'b', 'c'),
      ],
    ],
    two,
  );
  itAllows(
    [['more over several processes', ...starts('a', 'b', 'c', 'd'), ...end(...names)]],
    two,
    {
      owners: 'several',
    },
  );
  itAllows(
    [['no end of attempts where none is set', ...starts(...names), ...end(...names)]],
    [aFunction('f', { concurrency: 10 }), aTrigger(), ...waiting],
  );
});

describe('the concurrency of a function', () => {
  const one = [aFunction('f', { concurrency: 1 }), aTrigger(), ...waiting];
  itAllows(
    [
      ['one after the other', start('a'), ...end('a'), start('b'), ...end('b'), ...unrun('c', 'd')],
      [
        'more when it is raised',
        start('a'),
        fOf(2, 2),
        start('b'),
        ...end('a', 'b'),
        ...unrun('c', 'd'),
      ],
    ],
    one,
  );
  itFinds(
    [
      [over('b', 'function f runs 2 at once and may run 1'), ...starts('a', 'b')],
      [
        over('b', 'function f runs 2 at once and may run 1'),
        fOf(2, 2),
        fOf(1, 3),
        start('a'),
        start('c'),
        fail('c'),
        start('b'),
      ],
    ],
    one,
  );
});

describe('a suspended trigger', () => {
  itFinds(
    [[over('b', 'trigger t runs 1 at once and may run 0'), start('a'), cancel('a', 1), start('b')]],
    [aFunction(), aTrigger('t', allowing(1)), ...waiting, ...gone()],
  );
});
