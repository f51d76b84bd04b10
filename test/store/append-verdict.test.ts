import { describe, expect, it } from 'vitest';
import { type EventIds, judgeAppend, judgeDelete } from '../../src/store/append-verdict.ts';
import type { ExpectedRevision } from '../../src/store/event-store.ts';
import { missingStream, type StreamState } from '../../src/store/stream-state.ts';

/** A stream that holds these ids, in their order. */
const holding = (...ids: readonly string[]): StreamState => ({
  ...{ status: 'live', hasMetadata: false },
  last: ids.length - 1,
});
const with2 = holding('a', 'b');
const deleted: StreamState = { ...with2, status: 'deleted' };
const tombstoned: StreamState = { ...with2, status: 'tombstoned' };
const prepared: StreamState = { ...missingStream, hasMetadata: true };

const idsOf = (offered: readonly string[], stored: readonly string[] = ['a', 'b']): EventIds => ({
  offered: () => offered,
  at: (revision) => stored[revision],
  recent: (id) => (stored.includes(id) ? stored.indexOf(id) : undefined),
});

const append = (revision: number) => ({ kind: 'append', revision }) as const;
const repeat = (revision: number) => ({ kind: 'repeat', revision }) as const;
const conflict = { kind: 'conflict' } as const;
const gone = { kind: 'deleted' } as const;

describe('an append of new events', () => {
  it.each<[string, StreamState, ExpectedRevision, object]>([
    ['to a stream that is not there', missingStream, 'no_stream', append(0)],
    ['to a stream that is not there', missingStream, 'any', append(0)],
    ['to a stream that is not there', missingStream, 'stream_exists', conflict],
    ['to a stream that is not there', missingStream, 0, conflict],
    ['to one that has only metadata', prepared, 'stream_exists', append(0)],
    ['at its end', with2, 1, append(2)],
    ['beyond its end', with2, 2, conflict],
    ['before its end', with2, 0, conflict],
    ['at its beginning', with2, 'no_stream', conflict],
    ['wherever it ends', with2, 'any', append(2)],
    ['wherever it ends', with2, 'stream_exists', append(2)],
    ['after it was deleted', deleted, 'no_stream', append(2)],
    ['after it was deleted', deleted, 'any', append(2)],
    ['after it was deleted', deleted, 1, append(2)],
    ['after it was deleted', deleted, 0, conflict],
    ['after it was deleted', deleted, 'stream_exists', gone],
    ['after it was deleted for good', tombstoned, 'any', gone],
    ['after it was deleted for good', tombstoned, 'no_stream', gone],
    ['after it was deleted for good', tombstoned, 1, gone],
    ['after it was deleted for good', tombstoned, 'stream_exists', gone],
  ])('%s, expecting it so: %j %j', (_, state, expected, verdict) => {
    expect(judgeAppend(state, expected, idsOf(['x']))).toEqual(verdict);
  });
});

describe('an append that was made before', () => {
  it.each<[readonly string[], ExpectedRevision, object]>([
    [['a'], 'no_stream', repeat(0)],
    [['a', 'b'], 'no_stream', repeat(1)],
    [['b'], 0, repeat(1)],
    [['a', 'b'], 'any', repeat(1)],
    [['b'], 'any', repeat(1)],
    [['b'], 'stream_exists', repeat(1)],
    [['a', 'x'], 'no_stream', conflict],
    [['x', 'b'], 'no_stream', conflict],
    [['a', 'b', 'x'], 'no_stream', conflict],
    [['b', 'x'], 0, conflict],
    [['a', 'x'], 'any', conflict],
    [['x', 'a'], 'any', append(2)],
    [[], 'any', conflict],
  ])('is recognised by its ids: %j, expecting %j', (offered, expected, verdict) => {
    expect(judgeAppend(with2, expected, idsOf(offered))).toEqual(verdict);
  });

  it('is recognised though the stream was deleted since', () => {
    expect(judgeAppend(deleted, 'no_stream', idsOf(['a']))).toEqual(repeat(0));
    expect(judgeAppend(deleted, 'no_stream', idsOf(['a', 'x']))).toEqual(conflict);
  });
});

describe('a deletion', () => {
  it.each<[string, StreamState, ExpectedRevision, boolean, string]>([
    ['of a stream', with2, 'any', false, 'delete'],
    ['of a stream', with2, 'stream_exists', false, 'delete'],
    ['of a stream', with2, 1, false, 'delete'],
    ['of a stream', with2, 0, false, 'conflict'],
    ['of a stream', with2, 'no_stream', true, 'conflict'],
    ['of one that was deleted', deleted, 'any', false, 'delete'],
    ['of one that was deleted', deleted, 'stream_exists', true, 'deleted'],
    ['of one that was deleted', deleted, 1, true, 'delete'],
    ['of one deleted for good', tombstoned, 'any', true, 'deleted'],
    ['of one that is not there', missingStream, 'any', false, 'conflict'],
    ['of one that is not there', missingStream, 'no_stream', false, 'conflict'],
    ['of one that is not there, for good', missingStream, 'any', true, 'delete'],
    ['of one that is not there, for good', missingStream, 'no_stream', true, 'delete'],
    ['of one that is not there, for good', missingStream, 'stream_exists', true, 'conflict'],
    ['of one that is not there, for good', missingStream, -1, true, 'conflict'],
  ])('%s %j, expecting %j, for good %j: %s', (_, state, expected, forGood, verdict) => {
    expect(judgeDelete(state, expected, forGood)).toBe(verdict);
  });
});
