import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Failure } from '../../domain/events.ts';
import {
  type CallOutcome,
  failedCall,
  shutdownOutcome,
  unanswered,
} from '../../domain/invocation/outcome.ts';
import { AnswerBody } from './answer-body.ts';
import { failureKindOf } from './failure-kind.ts';
import { retryAfterMs } from './retry-after.ts';

/** Why a call in flight is given up. */
export type Interruption = 'timeout' | 'shutdown';

const interrupted: Readonly<Record<Interruption, string>> = {
  timeout: 'no complete answer within the time allowed',
  shutdown: shutdownOutcome.failure.message,
};

class GivenUp extends Error {}
const givenUp = new GivenUp('the call was given up');

const single = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;

const failureOf = (status: number, body: AnswerBody): Failure => {
  const kind = status === 410 ? 'gone' : status >= 300 && status < 400 ? 'redirect' : 'status';
  return { kind, message: `the target answered ${status}`, status, body: body.payload() };
};

/**
 * One request and its answer, from the queue of the connection pool to the last byte. It settles
 * exactly once; whatever the connection does after that has no effect. The status decides also
 * where the answer was too long to be read to its end.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  readonly #startedAt = performance.now();
  readonly #settle: (outcome: CallOutcome) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #body = new AnswerBody();
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #contentType: string | null = null;
  #retryAfter: string | undefined;
  #settled = false;

  constructor(timeoutMs: number, settle: (outcome: CallOutcome) => void) {
    this.#settle = settle;
    this.#timer = setTimeout(() => this.interrupt('timeout'), Math.min(timeoutMs, 2_147_483_647));
  }

  interrupt(reason: Interruption): void {
    this.fail(reason, interrupted[reason]);
    this.#controller?.abort(givenUp);
  }

  fail(kind: Failure['kind'], message: string): void {
    this.#finish(failedCall(unanswered(kind, message), this.#duration()));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(givenUp);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#status = status;
    this.#contentType = single(headers['content-type'])?.slice(0, 256) ?? null;
    this.#retryAfter = single(headers['retry-after']);
  }

  onRequestUpgrade(
    _controller: Dispatcher.DispatchController,
    _status: number,
    _headers: IncomingHttpHeaders,
    socket: { destroy(): void },
  ): void {
    socket.destroy();
    this.fail('protocol', 'the target switched protocols');
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body.take(chunk)) return;
    this.#conclude();
    controller.abort(givenUp);
  }

  onResponseEnd(): void {
    this.#conclude();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const broken = this.#status !== 0 && failureKindOf(error) === 'connection';
    this.fail(broken ? 'protocol' : failureKindOf(error), error.message || error.name);
  }

  #conclude(): void {
    const durationMs = this.#duration();
    const status = this.#status;
    if (status >= 200 && status < 300) {
      const body = this.#body.payload();
      const answer = {
        status,
        contentType: this.#contentType,
        body,
        truncated: this.#body.truncated,
      };
      this.#finish({ ok: true, durationMs, answer });
      return;
    }
    this.#finish({
      ok: false,
      durationMs,
      failure: failureOf(status, this.#body),
      retryAfterMs: retryAfterMs(this.#retryAfter, Date.now()),
    });
  }

  /** In microseconds' precision: enough for people, short in the log. */
  #duration(): number {
    return Math.round((performance.now() - this.#startedAt) * 1_000) / 1_000;
  }

  #finish(outcome: CallOutcome): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#settle(outcome);
  }
}
