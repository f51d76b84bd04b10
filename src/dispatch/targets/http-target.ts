import { Agent } from 'undici';
import { createAddressGuard } from './address-guard.ts';
import { guardedConnector } from './guarded-connector.ts';
import { HttpExchange } from './http-exchange.ts';
import type { CallTarget } from './target.ts';
import { judgeTargetUrl, type TargetUrlVerdict } from './target-url.ts';

export interface HttpTargetOptions {
  /** Loopback and private networks may be called; metadata addresses never. */
  readonly allowPrivate: boolean;
  /** Open connections per origin; further calls wait for one, within their own deadline. */
  readonly connections?: number;
  readonly connectTimeoutMs?: number;
}

const maxHeaderBytes = 16_384;
const rememberedUrls = 10_000;

/**
 * Calls HTTP endpoints: one POST, no redirects, no decompression, at most 1 MiB of answer read,
 * and never to an address the guard refuses.
 */
export const createHttpTarget = (options: HttpTargetOptions): CallTarget => {
  const guard = createAddressGuard(options);
  const agent = new Agent({
    connect: guardedConnector(guard, { connectTimeoutMs: options.connectTimeoutMs ?? 10_000 }),
    connections: options.connections ?? 256,
    pipelining: 1,
    // The exchange has one deadline of its own, which covers these.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: maxHeaderBytes,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 60_000,
  });

  const verdicts = new Map<string, TargetUrlVerdict>();
  const judge = (url: string): TargetUrlVerdict => {
    const known = verdicts.get(url);
    if (known) return known;
    const verdict = judgeTargetUrl(url, guard);
    if (verdicts.size >= rememberedUrls) verdicts.clear();
    verdicts.set(url, verdict);
    return verdict;
  };

  return {
    call: ({ url, body, headers, timeoutMs, interrupter }) =>
      new Promise((resolve) => {
        const exchange = new HttpExchange(timeoutMs, resolve);
        const verdict = judge(url);
        if (!verdict.ok) return exchange.fail(verdict.kind, verdict.reason);
        interrupter?.listen(() => exchange.interrupt('shutdown'));
        if (interrupter?.interrupted) return;
        const { origin, path } = verdict.url;
        agent.dispatch({ origin, path, method: 'POST', headers, body }, exchange);
      }),
    close: () => agent.destroy(),
  };
};
