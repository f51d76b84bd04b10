import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  readonly invocationId: string;
  /** How many calls of this invocation there have been, this one included. */
  readonly ordinal: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Reaction {
  readonly status: number;
  readonly afterMs?: number;
}

/** A function as its owner runs it: an HTTP server that outlives the server that calls it. */
export interface FunctionEndpoint extends AsyncDisposable {
  readonly url: string;
  /** Number of calls per invocation. */
  readonly calls: ReadonlyMap<string, number>;
  readonly underWay: () => number;
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

export const openFunctionEndpoint = async (
  react: (call: Call) => Reaction = () => ({ status: 200 }),
): Promise<FunctionEndpoint> => {
  const calls = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  let underWay = 0;
  const server = createServer((request, response) => {
    underWay += 1;
    response.on('close', () => {
      underWay -= 1;
    });
    textOf(request).then(
      (body) => {
        const invocationId = String(request.headers['idempotency-key']);
        const ordinal = (calls.get(invocationId) ?? 0) + 1;
        calls.set(invocationId, ordinal);
        const reaction = react({ invocationId, ordinal, headers: request.headers, body });
        const timer = setTimeout(() => {
          timers.delete(timer);
          response.writeHead(reaction.status, { 'content-type': 'application/json' });
          response.end('{"seen":true}');
        }, reaction.afterMs ?? 0);
        timers.add(timer);
      },
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/function`,
    calls,
    underWay: () => underWay,
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
