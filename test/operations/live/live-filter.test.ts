import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../../src/domain/recorded.ts';
import { isAbout, isCandidate, type LiveFilter } from '../../../src/operations/live/live-filter.ts';
import { recorded } from '../../views/history.ts';

const fact = (type: string, data: object): StoredEvent => {
  const [event] = recorded([{ stream: 'any-1', fact: { type, data } as never }]);
  if (event === undefined) throw new Error('nothing recorded');
  return event;
};

const some = fact('TriggerPaused', { triggerId: 't', reason: 'why' });
const { workspace, $correlationId: correlationId } = some.metadata;

describe('a candidate', () => {
  it.each<[string, Partial<LiveFilter>, boolean]>([
    ['is of the workspace', {}, true],
    ['is of no other', { workspace: `${workspace}2` }, false],
    ['is of a type asked for', { types: ['TriggerResumed', 'TriggerPaused'] }, true],
    ['is of no other type', { types: ['TriggerResumed'] }, false],
    ['is of no type where none is asked for', { types: [] }, false],
    ['is of the story', { correlationId }, true],
    ['is of no other story', { correlationId: 'another' }, false],
  ])('%s', (_, more, expected) => {
    expect(isCandidate(some, { workspace, ...more })).toBe(expected);
  });
});

describe('a fact is about', () => {
  const owner = { triggerId: 't', functionId: 'f' };
  const ownerOf = async (id: string) => (id === 'i' ? owner : undefined);
  const about = (data: object, filter: Partial<LiveFilter>) =>
    isAbout(fact('Some', data), { workspace, ...filter }, ownerOf);

  it.each<[object, Partial<LiveFilter>, boolean]>([
    [{}, {}, true],
    [{ triggerId: 't' }, { triggerId: 't' }, true],
    [{ triggerId: 'u' }, { triggerId: 't' }, false],
    [{ acceptedFor: { triggerId: 't', version: 1 } }, { triggerId: 't' }, true],
    [{ holder: 't' }, { triggerId: 't' }, true],
    [{ triggers: [{ triggerId: 'u' }, { triggerId: 't' }] }, { triggerId: 't' }, true],
    [{ triggers: [{ triggerId: 'u' }] }, { triggerId: 't' }, false],
    [{ triggers: 't' }, { triggerId: 't' }, false],
    [{ invocationId: 'i' }, { triggerId: 't' }, true],
    [{ invocationId: 'j' }, { triggerId: 't' }, false],
    [{ invocationId: 'i', triggerId: 'u' }, { triggerId: 't' }, false],
    [{ functionId: 'f' }, { functionId: 'f' }, true],
    [{ repeats: { functionId: 'f' } }, { functionId: 'f' }, true],
    [{ content: { functionId: 'f' } }, { functionId: 'f' }, true],
    [{ invocationId: 'i', triggerId: 't' }, { functionId: 'f' }, true],
    [{ invocationId: 'i', functionId: 'g' }, { functionId: 'f' }, false],
    [{ invocationId: 7 }, { functionId: 'f' }, false],
    [{ invocationId: 'i', triggerId: 't' }, { triggerId: 't', functionId: 'f' }, true],
    [{ invocationId: 'i', triggerId: 't' }, { triggerId: 't', functionId: 'g' }, false],
    [{ functionId: 'f' }, { triggerId: 't', functionId: 'f' }, false],
  ])('%j, asked for %j: %s', async (data, filter, expected) => {
    expect(await about(data, filter)).toBe(expected);
  });
});
