import type { Worker } from 'node:worker_threads';
import type { Reply, Request } from './protocol.ts';
import { fromWire } from './wire-error.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

type Pieces = Iterable<Uint8Array<ArrayBuffer>>;

/** Requests to the store's thread; its replies come in the same order. */
export const createLink = (server: Pick<Worker, 'on' | 'postMessage'>) => {
  const waiting: Waiting[] = [];
  /** What was asked for while something crosses in pieces, which nothing may come between. */
  let held: (() => void)[] | undefined;
  let failure: Error | undefined;

  server.on('message', (reply: Reply) => {
    const request = waiting.shift();
    if ('error' in reply) request?.reject(fromWire(reply.error));
    else request?.resolve(reply.value);
  });
  const expectReply = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve: (value) => resolve(value as T), reject });
    });
  const post = <T>(request: Request, handedOver: readonly ArrayBuffer[] = []): Promise<T> => {
    if (failure !== undefined) return Promise.reject(failure);
    server.postMessage(request, handedOver);
    return expectReply<T>();
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const others = held;
    if (others === undefined) return work();
    return new Promise((resolve, reject) => {
      // Whoever comes first may make the others wait again.
      others.push(() => inTurn(work).then(resolve, reject));
    });
  };
  const postInPieces = async <T>(pieces: Pieces, request: Request): Promise<T> => {
    const behind: (() => void)[] = [];
    held = behind;
    let answer: Promise<T>;
    try {
      for (const piece of pieces) await post({ piece }, [piece.buffer]);
      answer = post<T>(request);
    } finally {
      held = undefined;
      for (const next of behind) next();
    }
    return await answer;
  };

  return {
    expectReply,
    ask: <T>(request: Request, handedOver?: readonly ArrayBuffer[]): Promise<T> =>
      inTurn(() => post<T>(request, handedOver)),
    /** What is long crosses before the request, a piece when the one before was taken. */
    askInPieces: <T>(pieces: Pieces, request: Request): Promise<T> =>
      inTurn(() => postInPieces<T>(pieces, request)),
    fail: (reason: Error): void => {
      failure = reason;
      for (const request of waiting.splice(0)) request.reject(reason);
    },
  };
};
