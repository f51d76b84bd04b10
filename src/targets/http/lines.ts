import { Readable } from 'node:stream';
import { type buildConnector, Client, type Dispatcher } from 'undici';
import { type LongBody, piecesOf } from '../../domain/long-body.ts';
import { AnswerBytes } from './answer-bytes.ts';

const maxHeaderBytes = 262_144;

export interface HttpRequest {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | LongBody;
}

/** A connection to one origin, for one call at a time. */
export interface Line {
  send(request: HttpRequest, handler: Dispatcher.DispatchHandler): void;
  /**
   * It has served before, and nothing of the answer under way has come. Where it broke, the target
   * has in all likelihood closed it for being idle, and has not seen the request.
   */
  readonly mayBeStale: boolean;
  /** The answer is complete: the next call may have it. */
  free(): void;
  drop(): void;
}

/**
 * As many lines as there are calls: no call waits for another one's line, whoever makes it. How
 * many there may be at once is for those to say who make calls.
 */
export interface Lines {
  /** One that is free, or a new one. */
  take(origin: string): Line;
  /** One that has not served before. */
  open(origin: string): Line;
  close(): Promise<void>;
}

/** From its beginning, however often it is sent. */
const sent = (body: string | LongBody): string | Readable =>
  typeof body === 'string' ? body : Readable.from(piecesOf(body), { highWaterMark: 1 });

type Connect = buildConnector.connector;

/** Tells with each connection that is made, which may be another one for the same line. */
const watched =
  (connect: Connect, onBytes: (bytes: AnswerBytes) => void): Connect =>
  (options, callback) =>
    connect(options, (...result) => {
      const [, socket] = result;
      if (socket) onBytes(new AnswerBytes(socket));
      callback(...result);
    });

export const createLines = (connect: Connect): Lines => {
  const all = new Set<Client>();
  const free = new Map<string, Line[]>();

  const list = (origin: string, line: Line): void => {
    const others = free.get(origin);
    if (others === undefined) free.set(origin, [line]);
    else others.push(line);
  };
  const unlist = (origin: string, line: Line): void => {
    const others = free.get(origin) ?? [];
    const at = others.indexOf(line);
    if (at >= 0) others.splice(at, 1);
    if (others.length === 0) free.delete(origin);
  };

  const open = (origin: string): Line => {
    let bytes: AnswerBytes | undefined;
    let served = false;
    let busy = false;
    const client = new Client(origin, {
      connect: watched(connect, (made) => {
        bytes = made;
        served = false;
      }),
      // The exchange has one deadline of its own, which covers these.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: maxHeaderBytes,
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 60_000,
    });
    all.add(client);
    const line: Line = {
      send({ path, headers, body }, handler) {
        busy = true;
        bytes?.expectAnswer();
        client.dispatch({ path, method: 'POST', headers, body: sent(body) }, handler);
      },
      get mayBeStale() {
        return served && bytes?.heard === false;
      },
      free() {
        busy = false;
        served = true;
        list(origin, line);
      },
      drop() {
        busy = true;
        unlist(origin, line);
        all.delete(client);
        void client.destroy();
      },
    };
    client.on('disconnect', () => {
      if (!busy) line.drop();
    });
    return line;
  };

  return {
    open,
    take: (origin) => free.get(origin)?.pop() ?? open(origin),
    async close() {
      free.clear();
      await Promise.all([...all].map((client) => client.destroy()));
    },
  };
};
