import type {
  AllStreamResolvedEvent,
  BinaryEventType,
  EventStoreDBClient,
  ResolvedEvent,
  StreamingRead,
} from '@eventstore/db-client';
import { beginning, type Position } from '../../domain/position.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import type { EventStore, ReadAllOptions, ReadStreamOptions } from '../event-store.ts';
import type { EsdbConnection } from './connection.ts';
import { NoAnswer } from './deadline.ts';
import { storedEventOf } from './event.ts';
import { persist, unavailable } from './persistence.ts';
import { type EsdbPlace, placeOf, positionOf } from './position.ts';
import type { StreamNames } from './stream-names.ts';
import type { EsdbTuning } from './tuning.ts';

type Resolved = ResolvedEvent | AllStreamResolvedEvent;
type Open<R extends Resolved> = (client: EventStoreDBClient) => StreamingRead<R>;

type Direction = 'forwards' | 'backwards';

interface Piece {
  readonly events: readonly StoredEvent[];
  /** Undefined at the end of the log. */
  readonly rest: EsdbPlace | undefined;
}

export interface EsdbReads {
  readonly readStream: EventStore['readStream'];
  readonly readAll: EventStore['readAll'];
  /** The last event of a stream under the server's name for it, its own streams included. */
  readLast(outer: string): Promise<ResolvedEvent | undefined>;
  /** Events that hold bytes, in a stream of payloads; few enough to be held at once. */
  readBytes(outer: string, fromRevision: number, maxCount: number): Promise<readonly Uint8Array[]>;
  /** Of the record at a place, as the server has it; undefined where there is none. */
  readMetadataAt(position: Position): Promise<unknown>;
  /** Fails where the account may not read the log. */
  tryOut(client: EventStoreDBClient): Promise<void>;
}

const defaultCount = 1_000;
/** The log is read in pieces of at least this, since an unknown part of it is not ours. */
const leastPiece = 32;
/** Pieces grow up to this where nothing of ours was found, so that others' events are passed quickly. */
const mostPiece = 4_096;

export const createEsdbReads = (
  connection: EsdbConnection,
  tuning: EsdbTuning,
  names: StreamNames,
): EsdbReads => {
  /** Reads to the end; a server that falls silent in between is given up. */
  const drain = async <R extends Resolved>(read: StreamingRead<R>, what: string): Promise<R[]> => {
    const { clock, readTimeoutMs } = tuning;
    // Errors that come after the loop has ended would otherwise end the process.
    read.on('error', () => {});
    const silent = () => read.destroy(new NoAnswer(what, readTimeoutMs));
    let cancel = clock.after(readTimeoutMs, silent);
    const events: R[] = [];
    try {
      for await (const event of read) {
        events.push(event);
        cancel();
        cancel = clock.after(readTimeoutMs, silent);
      }
      return events;
    } finally {
      cancel();
      // Leaving the loop ends only the local side; this ends the call as well.
      read.cancel().catch(() => {});
    }
  };

  const readAgainAndAgain = <R extends Resolved>(subject: string, open: Open<R>): Promise<R[]> =>
    persist(connection, tuning, {
      subject,
      run: ({ client }) => drain(open(client), `a read of ${subject}`),
      rejected: async (rejection) => {
        if (rejection.kind === 'refused') throw rejection.error;
        return undefined;
      },
      exhausted: unavailable,
    });

  const ours = (events: readonly Resolved[]): readonly StoredEvent[] =>
    events.map((event) => storedEventOf(event, names)).filter((event) => event !== undefined);

  const firstRevision = ({ from, direction }: ReadStreamOptions): bigint | 'start' | 'end' => {
    if (typeof from === 'number') return BigInt(from);
    if (direction === 'backwards') return from === 'start' ? 0n : 'end';
    return from === 'end' ? BigInt(Number.MAX_SAFE_INTEGER) : 'start';
  };

  const readStream: EventStore['readStream'] = async (stream, options = {}) => {
    const { direction = 'forwards', maxCount = defaultCount } = options;
    const fromRevision = firstRevision(options);
    const events = await readAgainAndAgain(stream, (client) =>
      client.readStream(names.outer(stream), { direction, fromRevision, maxCount }),
    );
    return ours(events);
  };

  const firstPlace = ({ from, direction }: ReadAllOptions): EsdbPlace => {
    const side = direction === 'backwards' ? 'end' : 'start';
    if (from === undefined) return side;
    return placeOf(from);
  };

  /** What follows `from`, less the event there where it was seen before; `rest` is where to go on. */
  const readPiece = async (
    direction: Direction,
    from: EsdbPlace,
    seen: boolean,
    count: number,
  ): Promise<Piece> => {
    const piece = await readAgainAndAgain('$all', (client) =>
      client.readAll({ direction, fromPosition: from, maxCount: count }),
    );
    const last = piece.at(-1)?.event?.position;
    return {
      // Forwards a piece begins with the event it starts from, backwards with the one before.
      events: ours(piece.slice(seen && direction === 'forwards' ? 1 : 0)),
      rest: piece.length < count ? undefined : last,
    };
  };

  const readAll: EventStore['readAll'] = async (options = {}) => {
    const { direction = 'forwards', maxCount = defaultCount } = options;
    let from: EsdbPlace | undefined = firstPlace(options);
    if (from === (direction === 'forwards' ? 'end' : 'start')) return [];
    const found: StoredEvent[] = [];
    let least = leastPiece;
    for (let seen = false; found.length < maxCount && from !== undefined; seen = true) {
      const count = Math.max(maxCount - found.length + 1, least);
      const { events, rest }: Piece = await readPiece(direction, from, seen, count);
      found.push(...events);
      if (events.length === 0) least = Math.min(least * 2, mostPiece);
      from = rest;
    }
    return found.slice(0, maxCount);
  };

  const readLast: EsdbReads['readLast'] = async (outer) => {
    const [last] = await readAgainAndAgain(outer, (client) =>
      client.readStream(outer, { direction: 'backwards', fromRevision: 'end', maxCount: 1 }),
    );
    return last;
  };
  const tryOut: EsdbReads['tryOut'] = async (client) => {
    await drain(client.readAll({ maxCount: 1 }), 'a first read');
  };
  const readBytes: EsdbReads['readBytes'] = async (outer, from, maxCount) => {
    const fromRevision = BigInt(from);
    const events = await readAgainAndAgain(outer, (client) =>
      client.readStream<BinaryEventType>(outer, { fromRevision, maxCount }),
    );
    return events.flatMap(({ event }) => (event === undefined ? [] : event.data));
  };
  const readMetadataAt: EsdbReads['readMetadataAt'] = async (position) => {
    if (position === beginning) return undefined;
    const [found] = await readAgainAndAgain('$all', (client) =>
      client.readAll({ fromPosition: placeOf(position), maxCount: 1 }),
    );
    const event = found?.event;
    if (event === undefined || names.inner(event.streamId) === undefined) return undefined;
    return positionOf(event.position) === position ? event.metadata : undefined;
  };
  return { readStream, readAll, readLast, readBytes, readMetadataAt, tryOut };
};
