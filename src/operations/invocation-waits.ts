import type { Attempt, InvocationDocument } from '../../projections/invocations.ts';
import { isKnown } from '../domain/events.ts';
import type { Neighbour, Span, Wait } from '../routing/wait.ts';
import { waitsOf } from '../routing/waits.ts';
import { cursorOf } from '../views/find-statement.ts';
import type { OperationsDeps } from './deps.ts';
import type { createInvocations } from './invocations.ts';
import { createTermsOverTime } from './terms-over-time.ts';

export interface Waits {
  readonly waits: readonly Wait[];
  /** False where there were more neighbours than are looked at: some may have been in its way. */
  readonly isWhole: boolean;
  /** Up to when it was looked at. */
  readonly now: number;
}

type Deps = Pick<OperationsDeps, 'views' | 'kinds' | 'clock'> & {
  readonly invocations: Pick<ReturnType<typeof createInvocations>, 'factsOf'>;
};

const pageSize = 500;
/** In each direction of the log. */
const mostPages = 4;

const instant = (text: string | null): number =>
  text === null ? Number.POSITIVE_INFINITY : Date.parse(text);

const runOf = ({ startedAt, endedAt }: Attempt): Span => ({
  from: Date.parse(startedAt),
  to: instant(endedAt),
});

const neighbourOf = (document: InvocationDocument): Neighbour => ({
  invocationId: document.invocationId,
  triggerId: document.triggerId,
  orderingKey: document.orderingKey,
  position: document.position,
  runs: document.attempts.map(runOf),
  endedAt: instant(document.finishedAt),
});

/** Tells what an invocation waited for. */
export const createInvocationWaits = ({ views, kinds, clock, invocations }: Deps) => {
  const open = ['queued', 'running', 'waiting'];
  const termsOf = createTermsOverTime({ views, kinds });

  /** The nearest of the same function, one way; those that came later only as long as they matter. */
  const nearest = async (
    { workspace, functionId, position }: InvocationDocument,
    order: 'asc' | 'desc',
    isNear: (document: InvocationDocument) => boolean,
  ) => {
    const found: InvocationDocument[] = [];
    let after = cursorOf(position);
    for (let pages = 0; pages < mostPages; pages += 1) {
      const where = { workspace, functionId };
      const query = { where, order, after, limit: pageSize } as const;
      const { documents, next } = await views.find('invocations', query);
      found.push(...documents.filter(isNear));
      const last = documents.at(-1);
      if (next === null || last === undefined || (order === 'asc' && !isNear(last)))
        return { found, isWhole: true };
      after = next;
    }
    return { found, isWhole: false };
  };

  /** However long ago they came, for they may keep an ordering key. */
  const stillOpen = async ({ workspace, functionId }: InvocationDocument) => {
    const where = { workspace, functionId, status: open };
    const query = { where, order: 'asc', limit: pageSize } as const;
    return (await views.find('invocations', query)).documents;
  };

  const neighboursOf = async (document: InvocationDocument, now: number) => {
    const from = Date.parse(document.queuedAt);
    const to = Math.min(instant(document.finishedAt), now);
    const [before, later, unended] = await Promise.all([
      nearest(document, 'desc', ({ finishedAt }) => instant(finishedAt) > from),
      nearest(document, 'asc', ({ queuedAt }) => Date.parse(queuedAt) <= to),
      stillOpen(document),
    ]);
    const all = new Map(
      [...before.found, ...later.found, ...unended].map((each) => [each.invocationId, each]),
    );
    all.delete(document.invocationId);
    const neighbours = [...all.values()].map(neighbourOf);
    neighbours.sort((one, other) => (one.position < other.position ? -1 : 1));
    return { neighbours, isWhole: before.isWhole && later.isWhole };
  };

  return async (document: InvocationDocument): Promise<Waits> => {
    const now = clock.now();
    const [facts, { neighbours, isWhole }, terms] = await Promise.all([
      invocations.factsOf(document),
      neighboursOf(document, now),
      termsOf(document),
    ]);
    const known = facts.filter((fact) => isKnown(fact)) as Parameters<typeof waitsOf>[0]['facts'];
    return { waits: waitsOf({ ...document, facts: known }, neighbours, terms, now), isWhole, now };
  };
};
