import { describe } from 'vitest';
import type { Fact } from '../../src/domain/events.ts';
import { apiKeyStream, draftStream, functionStream, publishedIdOf } from '../../src/domain/ids.ts';
import type { Written } from '../views/history.ts';
import { itAllows, itFinds } from './cases.ts';
import { aFunction, aTrigger, gone, revise, suspend, turn } from './stories.ts';

const reviseFunction = (version: number): Written => {
  const { data } = aFunction('f', { version }).fact;
  return { stream: functionStream('f'), fact: { type: 'FunctionRevised', data } };
};
const retireFunction: Written = {
  stream: functionStream('f'),
  fact: { type: 'FunctionRetired', data: { functionId: 'f' } },
};
const onDraft = (type: 'DraftSaved' | 'DraftPublished' | 'DraftDiscarded'): Written => ({
  stream: draftStream('draft-1'),
  fact: {
    type,
    data: { draftId: 'draft-1', content: {}, triggerId: publishedIdOf('draft-1') },
  } as Fact,
});
const published = aTrigger(publishedIdOf('draft-1'));
const onKey = (type: 'ApiKeyIssued' | 'ApiKeyRevoked'): Written => ({
  stream: apiKeyStream('key'),
  fact: {
    type,
    data:
      type === 'ApiKeyRevoked'
        ? { keyId: 'key' }
        : { keyId: 'key', name: 'k', scopes: [], expiresAt: null, secretSha256: '00'.repeat(32) },
  } as Fact,
});
const f = aFunction();
const t = aTrigger();
const system = aTrigger('t', { isSystem: true });

describe('what is registered', () => {
  itAllows(
    [
      ['a function with its versions', f, reviseFunction(2), reviseFunction(3), retireFunction],
      [
        'a trigger that is stopped and started',
        t,
        turn('TriggerPaused'),
        revise('t'),
        turn('TriggerResumed'),
        turn('TriggerRetired'),
      ],
      ['a trigger suspended, then stopped', t, ...gone(), turn('TriggerPaused')],
      [
        'a draft saved twice and discarded',
        onDraft('DraftSaved'),
        onDraft('DraftSaved'),
        onDraft('DraftDiscarded'),
      ],
      ['a draft published', onDraft('DraftSaved'), published, onDraft('DraftPublished')],
      ['a key revoked', onKey('ApiKeyIssued'), onKey('ApiKeyRevoked')],
      ['a stopped system trigger', system, turn('TriggerPaused')],
    ],
    [],
  );
  itFinds(
    [
      ['FunctionRegistered of f, which is active', f, f],
      ['FunctionRevised of f, which is absent', reviseFunction(1)],
      ['f does not have version 2 after 1', f, reviseFunction(3)],
      ['f does not have version 2 after 1', f, reviseFunction(1)],
      ['t does not have version 1 after 0', aTrigger('t', { version: 2 })],
      ['TriggerResumed of t, which is active', t, turn('TriggerResumed')],
      ['TriggerPaused of t, which is paused', t, turn('TriggerPaused'), turn('TriggerPaused')],
      ['TriggerSuspended of t, which is paused', t, turn('TriggerPaused'), suspend('t', 'x')],
      ['DraftPublished of draft-1, which is absent', published, onDraft('DraftPublished')],
      ['ApiKeyRevoked of key, which is absent', onKey('ApiKeyRevoked')],
      ['TriggerRetired of t, which comes with its workspace', system, turn('TriggerRetired')],
      ['TriggerRevised of t, which comes with its workspace', system, revise('t')],
    ],
    [],
  );
});

const afterTheEnd = (status: string): readonly [string, ...Written[]][] => [
  [`FunctionRevised of f, which is ${status}`, f, retireFunction, reviseFunction(2)],
  [`FunctionRetired of f, which is ${status}`, f, retireFunction, retireFunction],
  [`TriggerRevised of t, which is ${status}`, t, turn('TriggerRetired'), revise('t')],
  [`TriggerResumed of t, which is ${status}`, t, turn('TriggerRetired'), turn('TriggerResumed')],
  [`TriggerRegistered of t, which is ${status}`, t, turn('TriggerRetired'), t],
];

describe('what is over', () => {
  itFinds(
    [
      ...afterTheEnd('deleted'),
      [
        'DraftSaved of draft-1, which is discarded',
        onDraft('DraftSaved'),
        onDraft('DraftDiscarded'),
        onDraft('DraftSaved'),
      ],
      [
        'DraftPublished of draft-1, which is published',
        onDraft('DraftSaved'),
        published,
        onDraft('DraftPublished'),
        onDraft('DraftPublished'),
      ],
      [
        'DraftDiscarded of draft-1, which is published',
        onDraft('DraftSaved'),
        published,
        onDraft('DraftPublished'),
        onDraft('DraftDiscarded'),
      ],
      [
        'ApiKeyIssued of key, which is revoked',
        onKey('ApiKeyIssued'),
        onKey('ApiKeyRevoked'),
        onKey('ApiKeyIssued'),
      ],
    ],
    [],
    [{ remembers: 'all' }],
  );
  itFinds(afterTheEnd('over'), [], [{ remembers: 'open' }]);
});
