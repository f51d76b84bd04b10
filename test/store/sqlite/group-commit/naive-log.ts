import { outcomeFields, outcomes } from '../../../../src/store/sqlite/append-batch.ts';

/** An append to a stream whose last event should have a revision; `any` asks for none. */
export interface Append {
  readonly stream: string;
  readonly expected: number | 'any';
  readonly ids: readonly string[];
}

export interface NaiveEvent {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
}

/** All events in a plain list, and nothing that could be at odds with it. */
export const createNaiveLog = () => {
  const events: NaiveEvent[] = [];
  const streams = new Map<string, NaiveEvent[]>();
  const deleted = new Set<string>();
  const of = (stream: string): readonly NaiveEvent[] => streams.get(stream) ?? [];

  /** What becomes of it, as three numbers. */
  const take = ({ stream, expected, ids }: Append): number[] => {
    const own = of(stream);
    const last = own.length - 1;
    const from = expected === 'any' ? last : expected;
    if (from !== last) {
      const repeats = ids.every((id, at) => own[from + 1 + at]?.id === id);
      if (!repeats) return [outcomes.conflict, last, 0];
      const revision = from + ids.length;
      return [outcomes.repeated, revision, events.indexOf(own[revision] as NaiveEvent) + 1];
    }
    const added = ids.map((id, at) => ({ stream, revision: last + 1 + at, id }));
    events.push(...added);
    streams.set(stream, [...own, ...added]);
    deleted.delete(stream);
    return [outcomes.stored, last + ids.length, events.length];
  };
  return {
    events,
    deleted,
    of,
    names: (): string[] => [...streams.keys()],
    /** All appends of a group; those that were refused for want of space are none. */
    takeGroup: (appends: readonly Append[], refused: (stream: string, at: number) => boolean) =>
      appends.flatMap((append, at) =>
        refused(append.stream, at) ? [outcomes.diskFull, 0, 0] : take(append),
      ),
    refusals: (results: readonly number[]) => (_: string, at: number) =>
      results[at * outcomeFields] === outcomes.diskFull,
  };
};

export type NaiveLog = ReturnType<typeof createNaiveLog>;
