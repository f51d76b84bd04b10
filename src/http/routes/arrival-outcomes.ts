import { z } from 'zod';
import type { ArrivalDocument } from '../../../projections/arrivals.ts';
import type { InvocationDocument } from '../../../projections/invocations.ts';
import type { RouteDeps } from './route.ts';

export const Outcome = z.object({
  triggerId: z.string(),
  /** Null where nothing was invoked. */
  invocationId: z.string().nullable(),
  status: z.string(),
  /** The same in one line, as in `not matched: stopped` or `dropped: queue full`. */
  outcome: z.string(),
  attempt: z.number(),
  reason: z.string().nullable(),
  retryOf: z.string().nullable(),
});

export type Outcome = z.infer<typeof Outcome>;

const oneLine = ({ status, reason }: Pick<InvocationDocument, 'status' | 'reason'>): string => {
  if (reason === null) return status;
  return reason.startsWith('dropped: ') ? reason : `${status}: ${reason}`;
};

const toOutcome = (document: InvocationDocument): Outcome => ({
  triggerId: document.triggerId,
  invocationId: document.invocationId,
  status: document.status,
  outcome: oneLine(document),
  attempt: document.attempt,
  reason: document.reason,
  retryOf: document.retryOf,
});

const idle = { paused: 'stopped', suspended: 'suspended', deleted: 'trigger deleted' } as const;

const passedOver = ({ triggerId, reason }: ArrivalDocument['withheld'][number]): Outcome => ({
  triggerId,
  invocationId: null,
  status: 'not matched',
  outcome: `not matched: ${idle[reason]}`,
  attempt: 0,
  reason: idle[reason],
  retryOf: null,
});

/** What was invoked because of them, by arrival; each in the order in which it was queued. */
const invokedFor = async (
  { views }: Pick<RouteDeps, 'views'>,
  arrivals: readonly ArrivalDocument[],
): Promise<ReadonlyMap<string, readonly Outcome[]>> => {
  const found = new Map(arrivals.map(({ arrivalId }) => [arrivalId, [] as Outcome[]]));
  const where = { arrivalId: [...found.keys()] };
  for (let after: string | undefined; ; ) {
    const page = await views.find('invocations', { where, order: 'asc', after, limit: 500 });
    for (const each of page.documents) found.get(each.arrivalId)?.push(toOutcome(each));
    if (page.next === null) return found;
    after = page.next;
  }
};

/** What became of each, per trigger, by arrival. */
export const outcomesOf = async (
  deps: Pick<RouteDeps, 'views'>,
  arrivals: readonly ArrivalDocument[],
): Promise<ReadonlyMap<string, readonly Outcome[]>> => {
  const invoked = await invokedFor(deps, arrivals);
  return new Map(
    arrivals.map(({ arrivalId, withheld }) => [
      arrivalId,
      [...(invoked.get(arrivalId) ?? []), ...withheld.map(passedOver)],
    ]),
  );
};

const statuses = ['queued', 'running', 'waiting', 'succeeded', 'dead', 'cancelled'] as const;

/** What lists can be asked for: how invocations stand, and why there are none. */
export const OutcomeName = z
  .enum([...statuses, 'dropped', 'withheld', 'not-matched'])
  .describe(
    'Of any trigger, or of the one asked for. `dropped`: there was no room. `withheld`: its trigger was stopped, suspended or deleted. `not-matched`: no trigger was concerned, or none wanted it.',
  );
export type OutcomeName = z.infer<typeof OutcomeName>;

const nameOf = ({ status, outcome, invocationId }: Outcome): string => {
  if (invocationId === null) return 'withheld';
  return outcome.startsWith('dropped: ') ? 'dropped' : status;
};

/** Whether an arrival with these outcomes is one that is asked for. */
export const isWanted = (
  outcomes: readonly Outcome[],
  trigger: string | undefined,
  name: OutcomeName | undefined,
): boolean => {
  if (name === 'not-matched') return trigger === undefined && outcomes.length === 0;
  const ofTrigger = outcomes.filter(
    ({ triggerId }) => trigger === undefined || triggerId === trigger,
  );
  return ofTrigger.some((outcome) => name === undefined || nameOf(outcome) === name);
};
