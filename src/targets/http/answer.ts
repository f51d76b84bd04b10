import type { IncomingHttpHeaders } from 'node:http';
import type { Failure } from '../../domain/facts/failure.ts';
import type { CallOutcome } from '../../domain/invocation/outcome.ts';
import { AnswerBody } from './answer-body.ts';
import { retryAfterMs } from './retry-after.ts';

const single = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;

const failureOf = (status: number, body: AnswerBody): Failure => {
  const kind = status === 410 ? 'gone' : status < 400 ? 'redirect' : 'status';
  return { kind, message: `the target answered ${status}`, status, body: body.payload() };
};

/** Its status decides, also where it was too long to be read to its end. */
export class Answer {
  #status = 0;
  #contentType: string | null = null;
  #retryAfter: string | undefined;
  readonly #body = new AnswerBody();

  get begun(): boolean {
    return this.#status !== 0;
  }

  /** Such an answer ends with its head, whatever that says of a length. */
  get isBodiless(): boolean {
    return this.#status === 204 || this.#status === 304;
  }

  begin(status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#contentType = single(headers['content-type'])?.slice(0, 256) ?? null;
    this.#retryAfter = single(headers['retry-after']);
  }

  /** False once nothing more should be read. */
  take(chunk: Buffer): boolean {
    return this.#body.take(chunk);
  }

  outcome(durationMs: number, now: number): CallOutcome {
    const status = this.#status;
    if (status >= 300) {
      const failure = failureOf(status, this.#body);
      return { ok: false, durationMs, failure, retryAfterMs: retryAfterMs(this.#retryAfter, now) };
    }
    const body = this.#body.payload();
    const { truncated } = this.#body;
    return {
      ok: true,
      durationMs,
      answer: { status, contentType: this.#contentType, body, truncated },
    };
  }
}
