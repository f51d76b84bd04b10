import type { ExpectedRevision } from './event-store.ts';
import type { StreamState } from './stream-state.ts';

/** What tells a repeated append from a new one; asked only where there may be a repeat. */
export interface EventIds {
  /** Of the events to append. */
  offered(): readonly string[];
  /** The id stored at a revision of the stream. */
  at(revision: number): string | undefined;
  /** The revision at which the stream got this id lately; older ids may be forgotten. */
  recent(id: string): number | undefined;
}

export type AppendVerdict =
  /** Store them; the first one gets this revision. */
  | { readonly kind: 'append'; readonly revision: number }
  /** They are stored already; the last one has this revision. */
  | { readonly kind: 'repeat'; readonly revision: number }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'deleted' };

const conflict: AppendVerdict = { kind: 'conflict' };
const deleted: AppendVerdict = { kind: 'deleted' };

/** Only as good as the memory of recent ids: an immediate repeat is recognised, an old one is not. */
const judgeAnyRevision = (state: StreamState, ids: EventIds): AppendVerdict => {
  let revision: number | undefined;
  for (const [index, id] of ids.offered().entries()) {
    const found = ids.recent(id);
    if (found === undefined) {
      return index === 0 ? { kind: 'append', revision: state.last + 1 } : conflict;
    }
    revision = found;
  }
  return revision === undefined ? conflict : { kind: 'repeat', revision };
};

/** An append below the end repeats an earlier one exactly if every slot holds the same id. */
const judgeRepeat = (state: StreamState, expected: number, ids: EventIds): AppendVerdict => {
  const offered = ids.offered();
  const differs = offered.findIndex((id, index) => ids.at(expected + 1 + index) !== id);
  if (differs === -1) return { kind: 'repeat', revision: expected + offered.length };
  const reborn = differs === 0 && expected === -1 && state.status === 'deleted';
  return reborn ? { kind: 'append', revision: state.last + 1 } : conflict;
};

const expectsExistence = (state: StreamState): AppendVerdict | undefined => {
  if (state.status === 'deleted') return deleted;
  return state.status === 'missing' && !state.hasMetadata ? conflict : undefined;
};

/**
 * The one rule of optimistic concurrency and idempotent repetition, for every adapter that stores
 * by itself. It follows EventStoreDB, so that a program behaves alike on all of them.
 */
export const judgeAppend = (
  state: StreamState,
  expected: ExpectedRevision,
  ids: EventIds,
): AppendVerdict => {
  if (state.status === 'tombstoned') return deleted;
  if (expected === 'stream_exists') {
    return expectsExistence(state) ?? judgeAnyRevision(state, ids);
  }
  if (expected === 'any') return judgeAnyRevision(state, ids);
  const revision = expected === 'no_stream' ? -1 : expected;
  if (revision < state.last) return judgeRepeat(state, revision, ids);
  return revision === state.last ? { kind: 'append', revision: revision + 1 } : conflict;
};

/** Deleting asks for a stream that is there; a tombstone may also forbid a name never used. */
export const judgeDelete = (
  state: StreamState,
  expected: ExpectedRevision,
  forGood: boolean,
): 'delete' | 'conflict' | 'deleted' => {
  if (state.status === 'tombstoned') return 'deleted';
  if (state.last === -1) {
    return forGood && (expected === 'any' || expected === 'no_stream') ? 'delete' : 'conflict';
  }
  if (expected === 'any') return 'delete';
  if (expected === 'stream_exists') return state.status === 'deleted' ? 'deleted' : 'delete';
  return expected === state.last ? 'delete' : 'conflict';
};
