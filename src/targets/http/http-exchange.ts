import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Failure } from '../../domain/facts/failure.ts';
import {
  type CallOutcome,
  failedCall,
  shutdownOutcome,
  unanswered,
} from '../../domain/invocation/outcome.ts';
import { Answer } from './answer.ts';
import { failureKindOf, isLengthMismatch, isOwnShortage } from './failure-kind.ts';
import type { HttpRequest, Line, Lines } from './lines.ts';

/** Why a call in flight is given up. */
export type Interruption = 'timeout' | 'shutdown';

const interrupted: Readonly<Record<Interruption, string>> = {
  timeout: 'no complete answer within the time allowed',
  shutdown: shutdownOutcome.failure.message,
};

/** Shorter than any lease: nobody else may begin the attempt meanwhile. */
const patienceMs = 20_000;
const pauseMs = 100;

/**
 * One request and its answer, from where it leaves to the last byte. It settles exactly once;
 * whatever the connection does after that has no effect. A line that proves stale is replaced once.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #timeoutMs: number;
  readonly #lines: Lines;
  readonly #settle: (outcome: CallOutcome) => void;
  readonly #askedAt = performance.now();
  readonly #answer = new Answer();
  #startedAt = this.#askedAt;
  #timer: NodeJS.Timeout | undefined;
  #line: Line | undefined;
  #renewed = false;
  #settled = false;

  constructor(
    request: HttpRequest,
    timeoutMs: number,
    lines: Lines,
    settle: (outcome: CallOutcome) => void,
  ) {
    this.#request = request;
    this.#timeoutMs = Math.min(timeoutMs, 2_147_483_647);
    this.#lines = lines;
    this.#settle = settle;
  }

  /** From here the deadline counts. */
  leave(): void {
    this.#startedAt = performance.now();
    this.#timer = setTimeout(() => this.interrupt('timeout'), this.#timeoutMs);
    this.#send(this.#lines.take(this.#request.origin));
  }

  interrupt(reason: Interruption): void {
    this.#fail(reason, interrupted[reason]);
    this.#line?.drop();
  }

  /** By this method the client knows what kind of handler it has. */
  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#answer.begin(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled || this.#answer.take(chunk)) return;
    this.#conclude();
    this.#line?.drop();
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#conclude();
    this.#line?.free();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return;
    const { mayBeStale = false } = this.#line ?? {};
    this.#line?.drop();
    const { begun, isBodiless } = this.#answer;
    const kind = failureKindOf(error);
    if (isBodiless && isLengthMismatch(error)) this.#conclude();
    else if (isOwnShortage(error)) this.#waitForRoom();
    else if (mayBeStale && kind === 'connection' && this.#mayRenew()) this.#renew();
    else
      this.#fail(begun && kind === 'connection' ? 'protocol' : kind, error.message || error.name);
  }

  #send(line: Line): void {
    this.#line = line;
    line.send(this.#request, this);
  }

  /** The key lets the target know a request that it has seen already after all. */
  #mayRenew(): boolean {
    return !this.#renewed && 'idempotency-key' in this.#request.headers;
  }

  #renew(): void {
    this.#renewed = true;
    this.#send(this.#lines.open(this.#request.origin));
  }

  /** Nothing has left, and it is not the target that is to blame. */
  #waitForRoom(): void {
    clearTimeout(this.#timer);
    if (performance.now() - this.#askedAt < patienceMs) {
      this.#timer = setTimeout(() => this.leave(), pauseMs);
    } else this.#fail('internal', 'this server has no connections left');
  }

  #fail(kind: Failure['kind'], message: string): void {
    this.#finish(failedCall(unanswered(kind, message), this.#duration()));
  }

  #conclude(): void {
    this.#finish(this.#answer.outcome(this.#duration(), Date.now()));
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
