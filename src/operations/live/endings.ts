import type { InvocationDocument } from '../../../projections/invocations.ts';
import type { Clock } from '../../domain/clock.ts';
import { isTriplineError } from '../../domain/errors.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import type { Joined, Tail } from '../../log/tail.ts';
import { within } from '../../running/within.ts';
import type { Views } from '../../views/views.ts';
import { invocationIn } from './live-filter.ts';

/** Beyond this nobody waits, as if there had been no wish to. */
const mostWaiting = 1_000;

const ends: ReadonlySet<string> = new Set([
  'InvocationSucceeded',
  'InvocationDeadLettered',
  'InvocationCancelled',
]);

const hasEnded = ({ finishedAt }: InvocationDocument): boolean => finishedAt !== null;

export interface EndingsDeps {
  readonly tail: Tail;
  readonly views: Pick<Views, 'get'>;
  readonly clock: Clock;
}

/** Tells those who wait for it that an invocation has ended, whichever process recorded it. */
export const createEndings = ({ tail, views, clock }: EndingsDeps) => {
  const waiting = new Map<string, Set<() => void>>();
  let count = 0;
  let atTail: Promise<Joined> | undefined;
  let isOver = false;

  const tell = (invocationId: string | undefined): void => {
    for (const told of waiting.get(invocationId ?? '') ?? []) told();
  };
  const tellAll = (): void => {
    for (const invocationId of waiting.keys()) tell(invocationId);
  };

  const take = (events: readonly StoredEvent[]): void => {
    for (const event of events) if (ends.has(event.type)) tell(invocationIn(event));
  };
  const failed = (): void => {
    atTail = undefined;
    tellAll();
  };

  const enter = (invocationId: string, told: () => void): void => {
    count += 1;
    const others = waiting.get(invocationId) ?? new Set();
    waiting.set(invocationId, others.add(told));
  };
  const leave = (invocationId: string, told: () => void): void => {
    count -= 1;
    const others = waiting.get(invocationId);
    others?.delete(told);
    if (others?.size === 0) waiting.delete(invocationId);
    if (count > 0 || atTail === undefined) return;
    atTail.then((joined) => joined.leave()).catch(() => {});
    atTail = undefined;
  };

  /** Whoever waits has entered before: an end that is not told any more is in the view by then. */
  const endOf = async (
    invocationId: string,
    patienceMs: number,
    told: Promise<void>,
  ): Promise<InvocationDocument | undefined> => {
    atTail ??= tail.join({ take, failed });
    const joined = await atTail;
    const read = () => views.get('invocations', invocationId, joined.position);
    const now = await read();
    if (now === undefined || hasEnded(now)) return now;
    if (!(await within(clock, patienceMs, told))) return undefined;
    const then = await read();
    return then && hasEnded(then) ? then : undefined;
  };

  return {
    /** As it ended; undefined where it did not in time, or nobody can tell. Rejects for no such reason. */
    async ended(
      invocationId: string,
      patienceMs: number,
      givenUp: AbortSignal,
    ): Promise<InvocationDocument | undefined> {
      if (isOver || givenUp.aborted || count >= mostWaiting) return undefined;
      let tellMe = (): void => {};
      const told = new Promise<void>((resolve) => {
        tellMe = resolve;
      });
      givenUp.addEventListener('abort', tellMe);
      enter(invocationId, tellMe);
      try {
        return await endOf(invocationId, patienceMs, told);
      } catch (error) {
        if (isTriplineError(error)) return undefined;
        throw error;
      } finally {
        givenUp.removeEventListener('abort', tellMe);
        leave(invocationId, tellMe);
      }
    },
    /** Nobody waits any more. */
    stop(): void {
      isOver = true;
      tellAll();
    },
  };
};
