import { describe } from 'vitest';
import type { DataOf } from '../../src/domain/events.ts';
import { positionOf, type Written } from '../views/history.ts';
import { itAllows, itFinds, type Line } from './cases.ts';
import {
  aFunction,
  arrive,
  aTrigger,
  cancel,
  from,
  gone,
  idOf,
  of,
  promise,
  queue,
  revise,
  turn,
  withhold,
} from './stories.ts';

const listening = (id: string, executionType: string, triggerMetadata: object): Written =>
  aTrigger(id, {
    executionType,
    triggerMetadata: triggerMetadata as DataOf<'TriggerRegistered'>['triggerMetadata'],
  });
const topic = (id: string, pattern: string): Written =>
  listening(id, 'message', { topic: pattern });
const queuedFor = (...triggerIds: string[]): Written[] =>
  triggerIds.flatMap((triggerId) => [
    queue('a', { triggerId }),
    { ...cancel('a', 0, { triggerId, invocationId: idOf('a', triggerId) }) },
  ]);
const publish = (kind: string, key: string): Written => arrive('a', from(kind, key));
const hook = aTrigger();
/** Decided on where only the function and the trigger `t` were recorded. */
const decidedBefore = (changes: object = {}): Written =>
  arrive('a', { ...changes, decidedAt: positionOf(2) });
const promisedTo = (triggerId: string): Written => promise('a', triggerId);

const good: readonly Line[] = [
  ['a webhook', hook, arrive('a'), ...queuedFor('t')],
  [
    'a path with a slash',
    aTrigger('t', { triggerMetadata: { path: '/x/y' } }),
    ...[publish('webhook', 'x/y'), ...queuedFor('t')],
  ],
  ['what was decided on before a change', hook, revise('t'), decidedBefore(), ...queuedFor('t')],
  [
    'what was decided on before its trigger was deleted',
    ...[hook, turn('TriggerRetired'), decidedBefore(), ...queuedFor('t')],
  ],
  [
    'what was decided on before another trigger came, and before a change of its function',
    topic('t', 'x'),
    topic('late', 'x'),
    {
      ...aFunction('f', { timeoutMs: 1_000 }),
      fact: {
        type: 'FunctionRevised',
        data: aFunction('f', { version: 2, timeoutMs: 1_000 }).fact.data,
      },
    },
    ...[decidedBefore(from('message', 'x')), ...queuedFor('t')],
  ],
  ['an execution', listening('t', 'on-demand', {}), publish('on-demand', 't'), ...queuedFor('t')],
  [
    'a record event',
    listening('t', 'event-driven', { event: 'record_created', recordSlug: 'order' }),
    listening('u', 'event-driven', { event: 'record_deleted', recordSlug: 'order' }),
    ...[publish('event-driven', 'record_created/order'), ...queuedFor('t')],
  ],
  [
    'an event of any source and of one',
    listening('any', 'event', { eventType: 'paid' }),
    listening('empty', 'event', { eventType: 'paid', eventSource: '' }),
    listening('shop', 'event', { eventType: 'paid', eventSource: 'shop' }),
    listening('till', 'event', { eventType: 'paid', eventSource: 'till' }),
    ...[publish('event', '["paid","shop"]'), ...queuedFor('any', 'empty', 'shop')],
  ],
  [
    'an event without a source',
    listening('any', 'event', { eventType: 'paid' }),
    listening('shop', 'event', { eventType: 'paid', eventSource: 'shop' }),
    ...[publish('event', '["paid"]'), ...queuedFor('any')],
  ],
  [
    'a message by patterns',
    ...['a.b', 'a.*', '*.b', '**', 'a.**', 'a.**.b', '**.a.b.**'].map((p) => topic(p, p)),
    ...['a', 'b.*', '*', '*.*.*', 'a.b.*', 'a.*.b', 'A.b'].map((p) => topic(p, p)),
    publish('message', 'a.b'),
    ...queuedFor('a.b', 'a.*', '*.b', '**', 'a.**', 'a.**.b', '**.a.b.**'),
  ],
  ['a message for nobody', topic('t', 'b'), publish('message', 'a')],
  ['a message in another workspace', of('umbrella', topic('t', 'a')), publish('message', 'a')],
  [
    'a path that was changed',
    hook,
    revise('t', { triggerMetadata: { path: 'u' } }),
    publish('webhook', 'u'),
    ...[queue('a', { triggerVersion: 2 }), cancel('a')],
  ],
  [
    'a function that was changed',
    hook,
    revise('t', { functionId: 'g' }),
    arrive('a'),
    ...[queue('a', { triggerVersion: 2, functionId: 'g' }), cancel('a')],
  ],
  ['a trigger changed after it', hook, arrive('a'), revise('t'), ...queuedFor('t')],
  ['a trigger deleted after it', hook, arrive('a'), turn('TriggerRetired'), ...queuedFor('t')],
  ['a stopped webhook', hook, turn('TriggerPaused'), arrive('a'), ...queuedFor('t')],
  [
    'a message for stopped ones',
    topic('t', 'a'),
    topic('u', '*'),
    topic('v', '**'),
    turn('TriggerPaused', 'u'),
    ...gone('v'),
    turn('TriggerPaused'),
    turn('TriggerResumed'),
    publish('message', 'a'),
    ...queuedFor('t'),
    withhold('a', [
      ['u', 'paused'],
      ['v', 'suspended'],
    ]),
  ],
  [
    'a promise kept after the path was taken over',
    hook,
    revise('t', { triggerMetadata: { path: 'else' } }),
    aTrigger('u', { triggerMetadata: { path: 't' } }),
    promisedTo('t'),
    ...[queue('a', { triggerVersion: 2 }), cancel('a')],
  ],
  [
    'a promise to one that is gone',
    hook,
    turn('TriggerRetired'),
    promisedTo('t'),
    withhold('a', [['t', 'deleted']]),
  ],
];

const bad: readonly Line[] = [
  [
    'has of t the version 2, not 1',
    ...[hook, revise('t'), decidedBefore(), queue('a', { triggerVersion: 2 }), cancel('a')],
  ],
  [
    `owes late no invocation`,
    ...[topic('t', 'x'), topic('late', 'x'), decidedBefore(from('message', 'x'))],
    ...queuedFor('t', 'late'),
  ],
  ['arrival a was accepted, but concerns nobody', publish('webhook', 'nowhere')],
  ['arrival a was accepted, but concerns nobody', publish('on-demand', 't')],
  ['arrival a was accepted, but concerns nobody', hook, turn('TriggerRetired'), arrive('a')],
  ['arrival a has no invocation for t', hook, arrive('a')],
  [
    'arrival a has not why it is withheld (paused) for t',
    topic('t', 'a'),
    turn('TriggerPaused'),
    publish('message', 'a'),
  ],
  ['arrival a has no invocation for t', hook, promisedTo('t')],
  [
    'arrival a has not why it is withheld (deleted) for t',
    hook,
    turn('TriggerRetired'),
    promisedTo('t'),
  ],
  [
    `${idOf('a')}: arrival a owes t no invocation`,
    hook,
    turn('TriggerRetired'),
    promisedTo('t'),
    ...queuedFor('t'),
  ],
  [
    `${idOf('a')}: arrival a owes t no invocation`,
    topic('t', 'a'),
    publish('message', 'b'),
    ...queuedFor('t'),
  ],
  [
    `${idOf('a')}: arrival a owes t no invocation`,
    topic('t', 'a'),
    turn('TriggerPaused'),
    publish('message', 'a'),
    ...queuedFor('t'),
  ],
  [`${idOf('a')}: arrival a owes t no invocation`, hook, ...queuedFor('t')],
  [
    `${idOf('a')}: arrival a owes t no invocation`,
    of('umbrella', topic('t', 'a')),
    publish('message', 'a'),
    ...queuedFor('t'),
  ],
  [
    `${idOf('a', 'u')}: arrival a owes u no invocation`,
    hook,
    aTrigger('u', { triggerMetadata: { path: 't' } }),
    promisedTo('t'),
    ...queuedFor('t', 'u'),
  ],
  ['has the id other, not', hook, arrive('a'), queue('a', { invocationId: 'other' })],
  [
    `${idOf('a')} has of t the version 2, not 1`,
    hook,
    arrive('a'),
    revise('t'),
    queue('a', { triggerVersion: 2 }),
  ],
  [`${idOf('a')} has the function g, not f`, hook, arrive('a'), queue('a', { functionId: 'g' })],
  [
    `${idOf('a')} has the function f, not g`,
    ...[hook, revise('t', { functionId: 'g' }), arrive('a'), queue('a', { triggerVersion: 2 })],
  ],
  [
    `${idOf('a')} has the workspace umbrella, not acme`,
    hook,
    arrive('a'),
    of('umbrella', queue('a')),
  ],
  [
    `${idOf('a')} has the correlation id another, not story`,
    hook,
    arrive('a'),
    { ...queue('a'), metadata: { $correlationId: 'another' } },
  ],
  ['arrival a is withheld from 1, not 0', hook, arrive('a'), withhold('a', [['t', 'paused']])],
  [
    'arrival a: t was to be invoked or nobody, not paused',
    hook,
    arrive('a'),
    withhold('a', [['t', 'paused']]),
  ],
  [
    'arrival a: t was suspended, not paused',
    topic('t', 'a'),
    ...gone('t'),
    publish('message', 'a'),
    withhold('a', [['t', 'paused']]),
  ],
  [
    'arrival a is withheld from 2, not 1',
    topic('t', 'a'),
    ...gone('t'),
    publish('message', 'a'),
    withhold('a', [
      ['t', 'suspended'],
      ['t', 'suspended'],
    ]),
  ],
  [
    'arrival a names 2 triggers of 1',
    topic('t', 'a'),
    ...gone('t'),
    publish('message', 'a'),
    withhold(
      'a',
      [
        ['t', 'suspended'],
        ['t', 'suspended'],
      ],
      1,
    ),
  ],
  [
    'arrival a names 0 triggers of 1',
    topic('t', 'a'),
    ...gone('t'),
    publish('message', 'a'),
    withhold('a', [], 1),
  ],
];

describe('what an arrival is owed', () => {
  itAllows(good, [aFunction()]);
  itFinds(bad, [aFunction()]);
});
