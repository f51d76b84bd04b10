import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendNews, serve } from './child.ts';
import { markerIn } from './delivery.ts';
import { sharedNow } from './shared-clock.ts';

export interface Called {
  /** Different invocations seen. */
  readonly invocations: number;
  /** Requests in all: above `invocations` where one was called twice. */
  readonly requests: number;
}

export type TargetHandlers = {
  listen: (input: { readonly markers: boolean }) => Promise<number>;
  /** Whether each body is searched for its marker from now on. */
  watch: (input: { readonly markers: boolean }) => void;
  /** Calls of different invocations between two instants of the shared clock. */
  between: (input: { readonly from: number; readonly to: number }) => number;
  called: () => Called;
  calledAt: () => Record<string, number>;
  reset: () => void;
};

let seen = new Set<string>();
let times: number[] = [];
let requests = 0;
let calledAt: Record<string, number> = {};

const noteMarker = (request: IncomingMessage, at: number): void => {
  let text = '';
  request.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  request.on('end', () => {
    const marker = markerIn(text);
    if (marker !== undefined) calledAt[marker] ??= at;
  });
};

const note = (request: IncomingMessage): void => {
  requests += 1;
  const key = String(request.headers['idempotency-key']);
  if (seen.has(key)) return;
  seen.add(key);
  times.push(sharedNow());
};

let markers = false;
const watch: TargetHandlers['watch'] = (input) => {
  markers = input.markers;
};

const listen: TargetHandlers['listen'] = (input) =>
  new Promise((resolve) => {
    watch(input);
    const server = createServer((request, response) => {
      note(request);
      if (markers) noteMarker(request, sharedNow());
      else request.resume();
      request.on('end', () => {
        if (request.url === '/held') return;
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 2 });
        response.end('{}');
      });
    });
    server.keepAliveTimeout = 60_000;
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

let reported = 0;
setInterval(() => {
  if (reported === seen.size) return;
  reported = seen.size;
  sendNews(reported);
}, 10);

serve({
  listen,
  watch,
  between: ({ from, to }) => times.filter((at) => at >= from && at < to).length,
  called: () => ({ invocations: seen.size, requests }),
  calledAt: () => calledAt,
  reset: () => {
    seen = new Set();
    times = [];
    requests = 0;
    calledAt = {};
  },
} satisfies TargetHandlers);
