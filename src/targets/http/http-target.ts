import { failedCall, unanswered } from '../../domain/invocation/outcome.ts';
import { createMemo } from '../../domain/memo.ts';
import type { CallTarget } from '../target.ts';
import { createAddressGuard } from './address-guard.ts';
import { guardedConnector } from './guarded-connector.ts';
import { HttpExchange } from './http-exchange.ts';
import { createLines } from './lines.ts';
import { judgeTargetUrl } from './target-url.ts';

export interface HttpTargetOptions {
  /** Loopback and private networks may be called; metadata addresses never. */
  readonly allowPrivate: boolean;
  readonly connectTimeoutMs?: number;
}

const rememberedUrls = 10_000;

/**
 * Calls HTTP endpoints: one POST, no redirects, no decompression, at most 1 MiB of answer read,
 * and never to an address the guard refuses. No call waits for another one.
 */
export const createHttpTarget = (
  { allowPrivate, connectTimeoutMs = 10_000 }: HttpTargetOptions,
  connectorTo = guardedConnector,
): CallTarget => {
  const guard = createAddressGuard({ allowPrivate });
  const lines = createLines(connectorTo(guard, { connectTimeoutMs }));

  const judge = createMemo(rememberedUrls, (url: string) => judgeTargetUrl(url, guard));

  return {
    call: ({ url, body, headers, timeoutMs, interrupter }) =>
      new Promise((resolve) => {
        const verdict = judge(url);
        if (!verdict.ok) {
          resolve(failedCall(unanswered(verdict.kind, verdict.reason)));
          return;
        }
        const exchange = new HttpExchange(
          { ...verdict.url, headers, body },
          timeoutMs,
          lines,
          resolve,
        );
        interrupter?.listen(() => exchange.interrupt('shutdown'));
        if (!interrupter?.interrupted) exchange.leave();
      }),
    close: () => lines.close(),
  };
};
