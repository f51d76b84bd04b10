import { TriplineError } from '../../domain/errors.ts';
import type { EsdbConnection, EsdbSession } from './connection.ts';
import { judgeRejection, type Rejection } from './rejection.ts';
import type { EsdbTuning } from './tuning.ts';

export interface Task<T> {
  /** The stream it is about, for error texts. */
  readonly subject: string;
  run(session: EsdbSession): Promise<T>;
  /** Ends the task with an answer or by throwing; undefined asks for another try. */
  rejected(rejection: Rejection, cause: unknown): Promise<T | undefined>;
  /** What is thrown when there is no time for another try. */
  exhausted(cause: unknown): Error;
}

/** An answer, or why there was none this time. */
type Result<T> = { readonly answer: T } | { readonly failure: unknown };

const firstBackoffMs = 50;

/** Full jitter below an exponential ceiling, so that many callers do not come back at once. */
const backoff = ({ random, maxBackoffMs }: EsdbTuning, tries: number): number =>
  random() * Math.min(maxBackoffMs, firstBackoffMs * 2 ** Math.min(tries, 16));

const pause = ({ clock }: EsdbTuning, ms: number): Promise<void> =>
  new Promise((resume) => {
    clock.after(ms, resume);
  });

const settle = async <T>(
  connection: EsdbConnection,
  task: Task<T>,
  session: EsdbSession | undefined,
  failure: unknown,
): Promise<Result<T>> => {
  const rejection = judgeRejection(failure, task.subject);
  if (session !== undefined && 'renew' in rejection && rejection.renew) {
    await connection.renew(session, 'node' in rejection ? rejection.node : undefined);
  }
  const answer = await task.rejected(rejection, failure);
  return answer === undefined ? { failure } : { answer };
};

const tryOnce = async <T>(connection: EsdbConnection, task: Task<T>): Promise<Result<T>> => {
  let session: EsdbSession | undefined;
  try {
    session = await connection.session();
    return { answer: await task.run(session) };
  } catch (failure) {
    return settle(connection, task, session, failure);
  }
};

/** Tries until the task ends or time is up, on a new connection where the old one is doubtful. */
export const persist = async <T>(
  connection: EsdbConnection,
  tuning: EsdbTuning,
  task: Task<T>,
): Promise<T> => {
  const latest = tuning.clock.elapsed() + tuning.giveUpAfterMs;
  for (let tries = 0; ; tries += 1) {
    const result = await tryOnce(connection, task);
    if ('answer' in result) return result.answer;
    const wait = backoff(tuning, tries);
    if (connection.closed || tuning.clock.elapsed() + wait > latest) {
      throw task.exhausted(result.failure);
    }
    await pause(tuning, wait);
  }
};

export const unavailable = (cause: unknown): TriplineError =>
  new TriplineError('store-unavailable', 'the event store cannot be reached', { cause });
