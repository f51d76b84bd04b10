import { TriplineError } from '../../domain/errors.ts';
import { invalidField } from '../../domain/invalid.ts';
import type { Position } from '../../domain/position.ts';
import type { Tail } from '../../log/tail.ts';
import type { OperationsDeps } from '../deps.ts';
import type { LiveFilter } from './live-filter.ts';
import { type LiveReader, openLiveReader } from './live-reader.ts';

/** Each of them costs a connection and what may wait for it. */
export const mostReaders = { ofAll: 128, ofOne: 16 };

const tooMany = () =>
  new TriplineError('too-many-readers', 'as many follow this workspace live as may');
const stopping = () => new TriplineError('shutting-down', 'the server is stopping');

/** Whoever follows a workspace as it happens; nobody who records anything waits for them. */
export const createLive = (
  deps: Pick<OperationsDeps, 'store' | 'views' | 'clock'> & { readonly tail: Tail },
) => {
  const { store, views, clock, tail } = deps;
  const open = new Map<LiveReader, string>();
  const counts = new Map<string, number>();
  let total = 0;
  let isOver = false;

  const enter = (workspace: string): void => {
    const count = counts.get(workspace) ?? 0;
    if (isOver) throw stopping();
    if (total >= mostReaders.ofAll || count >= mostReaders.ofOne) throw tooMany();
    counts.set(workspace, count + 1);
    total += 1;
  };
  const leave = (workspace: string): void => {
    const count = (counts.get(workspace) ?? 0) - 1;
    if (count > 0) counts.set(workspace, count);
    else counts.delete(workspace);
    total -= 1;
  };

  /** A place that the log has not come to may be of another log, of which nothing would ever be shown. */
  const checkPast = async (after: Position): Promise<void> => {
    const [last] = await store.readAll({ direction: 'backwards', maxCount: 1 });
    if (last === undefined || after > last.position)
      throw invalidField('after', 'lies behind the end of the log');
  };

  const opened = async (filter: LiveFilter, after: Position | undefined): Promise<LiveReader> => {
    if (after !== undefined) await checkPast(after);
    const reader = await openLiveReader({ tail, views, clock }, filter, after);
    if (isOver) reader.end(stopping());
    return reader;
  };

  return {
    /** From now on, or with all behind a place in the log. Ends with `close`, or when the server stops. */
    async open(filter: LiveFilter, after: Position | undefined): Promise<LiveReader> {
      const { workspace } = filter;
      enter(workspace);
      try {
        const reader = await opened(filter, after);
        open.set(reader, workspace);
        return reader;
      } catch (error) {
        leave(workspace);
        throw error;
      }
    },
    close(reader: LiveReader, reason: Error): void {
      const workspace = open.get(reader);
      if (workspace === undefined) return;
      open.delete(reader);
      leave(workspace);
      reader.end(reason);
    },
    /** All readers end, and no other begins. */
    stop(): void {
      isOver = true;
      for (const reader of open.keys()) reader.end(stopping());
    },
  };
};
