import type { ColdName, DocumentOf } from '../../projections/index.ts';
import { TriplineError } from '../../src/domain/errors.ts';
import { beginning, type Position } from '../../src/domain/position.ts';
import { rangesIn } from '../../src/views/find-range.ts';
import { cursorOf, positionIn } from '../../src/views/find-statement.ts';
import type { FindQuery, FoundPage, Views } from '../../src/views/views.ts';
import { createColdFold } from './cold-fold.ts';
import type { World } from './world.ts';

type Row = Readonly<Record<string, unknown>>;
type Where = NonNullable<FindQuery['where']>;

const isAsked = (value: unknown, asked: Where[string]): boolean =>
  Array.isArray(asked) ? asked.includes(value as string) : value === asked;

const isFound = (row: Row, { where = {}, between }: Pick<FindQuery, 'where' | 'between'>) => {
  if (!Object.entries(where).every(([name, asked]) => isAsked(row[name], asked))) return false;
  return rangesIn({ between }).every(({ column, above, ...range }) => {
    const value = String(row[column]);
    const { from = value, to = value } = range;
    return from <= value && value <= to && (above === undefined || value > above);
  });
};

const pageOf = <Document>(
  documents: Iterable<Document>,
  { order, after, limit, ...asked }: FindQuery,
): FoundPage<Document> => {
  const placeOf = (document: Document): string => String((document as Row)['position']);
  const sign = order === 'asc' ? 1 : -1;
  const from = after === undefined ? undefined : positionIn(after);
  const isBehind = (place: string): boolean =>
    from === undefined || (order === 'asc' ? place > from : place < from);
  const found = [...documents]
    .filter((document) => isFound(document as Row, asked) && isBehind(placeOf(document)))
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -sign : sign));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    documents: page,
    next: last === undefined || found.length <= limit ? null : cursorOf(placeOf(last)),
  };
};

/**
 * The views that are kept on disk, as one run of a process has them: never ahead of the log, often
 * behind it, and away at times. Each answer has its turn.
 */
export const createColdViews = (
  { disk, lot, dice, conditions, counters }: World,
  owner: string,
): Pick<Views, 'reached' | 'get' | 'find' | 'count' | 'audit'> => {
  const fold = createColdFold();
  let read = 0;
  let position: Position = beginning;

  const readOn = (count: number): void => {
    for (const fact of disk.log.slice(read, read + count)) {
      fold.take(fact);
      position = fact.position;
    }
    read = Math.min(disk.log.length, read + count);
  };

  const unlessAway = (): void => {
    if (conditions.calm || !dice.happens(0.02)) return;
    counters.count('views away');
    throw new TriplineError('store-unavailable', 'simulated: the views are away');
  };

  const answer = <Result>(what: string, task: () => Result): Promise<Result> =>
    lot.until({ owner, label: `${owner} looks up ${what}` }, () => {
      unlessAway();
      readOn(dice.between(0, disk.log.length - read));
      return task();
    });

  const reach = (wanted: Position): void => {
    unlessAway();
    while (position < wanted && read < disk.log.length) readOn(1);
  };

  return {
    reached: async (wanted) => {
      if (position >= wanted) return;
      await lot.until({ owner, label: `${owner} reads its views on` }, () => reach(wanted));
    },
    get: <Name extends ColdName>(name: Name, key: string) =>
      answer(`one of ${name}`, () => fold.all(name).get(key)),
    find: <Name extends ColdName>(name: Name, query: FindQuery) =>
      answer(name, () => pageOf<DocumentOf<Name>>(fold.all(name).values(), query)),
    count: (name, query = {}) =>
      answer(
        `how many ${name}`,
        () =>
          [...fold.all(name).values()].filter((row) => isFound(row as unknown as Row, query))
            .length,
      ),
    audit: async () => ({ events: [], next: null }),
  };
};
