import { invocationAsOf } from '../../projections/invocation-as-of.ts';
import { type InvocationDocument, invocations } from '../../projections/invocations.ts';
import type { Position } from '../domain/position.ts';
import { foldOf } from '../views/fold.ts';
import type { FindQuery, FoundPage, Range } from '../views/views.ts';
import type { OperationsDeps } from './deps.ts';
import { factsOf } from './invocation-facts.ts';
import type { Moment } from './time-travel.ts';
import { answeredSoFar } from './visible.ts';

type Status = InvocationDocument['status'];

export interface InvocationsThen extends Pick<FindQuery, 'order' | 'after' | 'limit'> {
  /** By what an invocation keeps all its life. */
  readonly where: NonNullable<FindQuery['where']>;
  readonly between: readonly Range[];
  readonly status: Status | 'open' | undefined;
}

const { evolve } = foldOf(invocations);

const isOutcome = (status: InvocationsThen['status']): status is Status =>
  status === 'succeeded' || status === 'dead' || status === 'cancelled';

/** An outcome stands for ever; all else that one can be was before there was one. */
const narrowed = (
  { where, between, status }: InvocationsThen,
  position: Position,
): Pick<FindQuery, 'where' | 'between'> => {
  const begun = [...between, { column: 'position', to: position }];
  const column = 'endPosition';
  if (status === undefined) return { where, between: begun };
  return isOutcome(status)
    ? { where: { ...where, status }, between: [...begun, { column, to: position }] }
    : { where, between: [...begun, { column, above: position }] };
};

/** Looks back: invocations as they stood. */
export const createInvocationsThen = (
  deps: Pick<OperationsDeps, 'views' | 'engine' | 'actors' | 'clock'>,
) => {
  const { views } = deps;

  /** Clocks jump: the last fact that claims to be of before counts, and all ahead of it in the log. */
  const placeOf = async (workspace: string, moment: Moment): Promise<Position | undefined> => {
    if ('position' in moment) return moment.position;
    const seen = await answeredSoFar(deps);
    const query = { workspace, toTime: moment.time, order: 'desc', limit: 1 } as const;
    for (let after: string | undefined; ; ) {
      const { events, next } = await views.audit({ ...query, after }, seen);
      if (events[0] !== undefined || next === null) return events[0]?.position;
      after = next;
    }
  };

  /** From the log where the view has too little left of it. */
  const folded = async (document: InvocationDocument, position: Position) => {
    let then: InvocationDocument | undefined;
    for (const fact of await factsOf(deps, document))
      if (fact.position <= position) then = evolve(then, fact, 0);
    return then ?? document;
  };

  return {
    /**
     * Those that there were in a workspace, each as it stood. Of those that are asked for as
     * `queued`, `running` or `waiting` a page may be short, and still have a next one.
     */
    async list(
      workspace: string,
      moment: Moment,
      query: InvocationsThen,
    ): Promise<FoundPage<InvocationDocument>> {
      const position = await placeOf(workspace, moment);
      if (position === undefined) return { documents: [], next: null };
      const { order, after, limit, status } = query;
      const { where, between } = narrowed(query, position);
      const asked = { where: { ...where, workspace }, between, order, after, limit };
      const { documents, next } = await views.find('invocations', asked, position);
      const then: InvocationDocument[] = [];
      for (const document of documents)
        then.push(invocationAsOf(document, position) ?? (await folded(document, position)));
      const isAny = status === undefined || status === 'open';
      return { documents: isAny ? then : then.filter((one) => one.status === status), next };
    },
  };
};
