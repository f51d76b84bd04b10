import { createRecent } from '../../actors/recent.ts';
import type { Clock } from '../../domain/clock.ts';
import { TriplineError } from '../../domain/errors.ts';
import { asPosition, type Position } from '../../domain/position.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import type { Tail } from '../../log/tail.ts';
import { within } from '../../running/within.ts';
import { cursorOf, positionIn } from '../../views/find-statement.ts';
import type { Views } from '../../views/views.ts';
import {
  type InvocationOwner,
  invocationIn,
  isAbout,
  isCandidate,
  type LiveFilter,
  ownerIn,
} from './live-filter.ts';

/** Facts that wait for a reader; one that is further behind is served from the log. */
const mostWaiting = 256;
const pageSize = 100;
const rememberedOwners = 1_024;

export interface LivePage {
  readonly facts: readonly StoredEvent[];
  /** All that is wanted up to here has been handed over. */
  readonly upTo: Position;
}

export interface LiveReader {
  /**
   * What comes next, in log order, each fact once; nothing where nothing came for `patienceMs`.
   * Rejects when it is over, with the reason.
   */
  next(patienceMs: number): Promise<LivePage>;
  end(reason: Error): void;
}

export interface LiveReaderDeps {
  readonly tail: Tail;
  readonly views: Pick<Views, 'audit' | 'get'>;
  readonly clock: Clock;
}

const later = (one: Position, other: Position): Position => (one > other ? one : other);

/**
 * Joins what is in the log with what is being recorded. It knows one thing, how far it has handed
 * facts over. What comes meanwhile waits for it up to a bound; beyond that it is let go and read from
 * the log once more, page by page, so that a slow reader costs neither memory nor a fact.
 */
export const openLiveReader = async (
  { tail, views, clock }: LiveReaderDeps,
  filter: LiveFilter,
  after: Position | undefined,
): Promise<LiveReader> => {
  let waiting: StoredEvent[] = [];
  let isBehind = false;
  let over: Error | undefined;
  let wake = (): void => {};
  let leave = (): void => {};
  const owners = createRecent<InvocationOwner>(rememberedOwners);

  const end = (reason: Error): void => {
    over ??= reason;
    waiting = [];
    leave();
    wake();
  };

  const keep = (event: StoredEvent): void => {
    waiting.push(event);
    if (waiting.length <= mostWaiting) return;
    isBehind = true;
    waiting = [];
  };

  const joined = await tail.join({
    take: (events) => {
      if (isBehind) return;
      for (const event of events) if (!isBehind && isCandidate(event, filter)) keep(event);
      if (isBehind || waiting.length > 0) wake();
    },
    failed: () => end(new TriplineError('store-unavailable', 'the log cannot be followed')),
  });
  leave = joined.leave;

  let shown = after ?? joined.from;
  /** Up to here facts are read from the log; those behind it wait. */
  let target = shown < joined.from ? joined.from : undefined;

  const ownerOf = async (invocationId: string, seen: Position) => {
    const known = owners.get(invocationId);
    if (known !== undefined) return known;
    const found = await views.get('invocations', invocationId, seen);
    if (found !== undefined) owners.set(invocationId, found);
    return found;
  };

  const fitting = async (candidates: readonly StoredEvent[]): Promise<StoredEvent[]> => {
    if (filter.triggerId === undefined && filter.functionId === undefined) return [...candidates];
    const found: StoredEvent[] = [];
    for (const event of candidates) {
      const owner = ownerIn(event);
      const invocationId = invocationIn(event);
      if (owner !== undefined && invocationId !== undefined) owners.set(invocationId, owner);
      if (await isAbout(event, filter, (id) => ownerOf(id, event.position))) found.push(event);
    }
    return found;
  };

  const pageFromLog = async (upTo: Position): Promise<LivePage> => {
    const { workspace, types, correlationId } = filter;
    const page = await views.audit(
      {
        ...{ workspace, types, correlationId },
        ...{ order: 'asc', limit: pageSize, toPosition: upTo },
        ...(shown !== '' && { after: cursorOf(shown) }),
      },
      upTo,
    );
    const reached = page.next === null ? upTo : asPosition(positionIn(page.next));
    const facts = await fitting(page.events);
    if (reached >= upTo) target = undefined;
    shown = reached < upTo ? reached : upTo;
    return { facts, upTo: shown };
  };

  const pageOfWaiting = async (): Promise<LivePage> => {
    const taken = waiting;
    waiting = [];
    const upTo = later(shown, joined.position);
    const facts = await fitting(taken.filter(({ position }) => position > shown));
    shown = upTo;
    return { facts, upTo };
  };

  const somethingComes = (patienceMs: number): Promise<unknown> => {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    return within(clock, patienceMs, woken);
  };

  const check = (): void => {
    if (over !== undefined) throw over;
  };

  const page = async (patienceMs: number): Promise<LivePage> => {
    if (target !== undefined) return await pageFromLog(target);
    if (waiting.length === 0 && !isBehind) await somethingComes(patienceMs);
    check();
    if (!isBehind) return await pageOfWaiting();
    target = joined.position;
    isBehind = false;
    return await pageFromLog(target);
  };

  return {
    next: async (patienceMs) => {
      check();
      const next = await page(patienceMs);
      check();
      return next;
    },
    end,
  };
};
