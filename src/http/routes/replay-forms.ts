import { z } from 'zod';
import { Source } from '../../domain/facts/arrival-facts.ts';
import { Failure } from '../../domain/facts/failure.ts';
import { DeathReason } from '../../domain/facts/invocation-facts.ts';
import { given } from '../../domain/given.ts';
import { ReplayOrder, ReplayOutcome } from '../../domain/replay/order.ts';
import type { ReplayWish } from '../../operations/replays.ts';
import type { Moment } from '../../operations/time-travel.ts';
import { Instant } from './instant.ts';
import { mustFollow, PositionText, pastMoment } from './moment.ts';
import type { RouteDeps } from './route.ts';

const Id = z.string().min(1).max(64);
const mostIds = 1_000;
const mostTriggers = 100;
const Text = z.string().min(1).max(4_096);

const { versions, mode } = ReplayOrder.shape;
/** The other one is a trigger's own. */
const modes = mode.exclude(['catch-up']);

/** How it is done, whatever it is about. */
const manner = {
  mode: modes
    .default('only-missing')
    .describe('`only-missing`: what has no succeeded invocation and none under way.'),
  rate: z
    .strictObject({ perSecond: z.number().positive().max(10_000) })
    .optional()
    .describe('As fast as it goes where it is left out.'),
  concurrency: z
    .int()
    .min(1)
    .max(256)
    .default(8)
    .describe('Its invocations that may be open at once; what is live starts before them.'),
  dryRun: z.boolean().default(false).describe('Counts only: nothing is recorded.'),
};

const End = z.union([
  z.strictObject({ time: Instant }),
  z.strictObject({ position: PositionText }),
]);
type End = z.infer<typeof End>;

export const NewReplay = z.strictObject({
  range: z
    .strictObject({ from: End.optional(), to: End.optional() })
    .default({})
    .describe('Both ends included. Left out, they are the beginning and now.'),
  arrivals: z
    .strictObject({
      ids: z.array(Id).max(mostIds).optional(),
      source: Source.optional(),
      deliveryId: Text.optional(),
      outcomes: z.array(ReplayOutcome).max(ReplayOutcome.options.length).optional(),
    })
    .default({})
    .describe('All of them must hold. Outcomes are those of the last invocation of each trigger.'),
  to: z
    .union([
      z.strictObject({ matched: z.literal(true) }),
      z.strictObject({ triggers: z.array(Id).min(1).max(mostTriggers) }),
      z.strictObject({ function: Id }),
    ])
    .default({ matched: true })
    .describe('All triggers that match, some of these, or those that are bound to a function.'),
  versions: versions
    .default('as-then')
    .describe('Who matches, and with which definition: as when it arrived, or as now.'),
  ...manner,
});
export type NewReplay = z.infer<typeof NewReplay>;

export const Redrive = z.strictObject({
  triggerId: Id.optional(),
  functionId: Id.optional(),
  reason: DeathReason.optional(),
  failureKind: Failure.shape.kind.optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  versions: versions.default('as-now').describe('With which definition of the trigger.'),
  ...manner,
});
export type Redrive = z.infer<typeof Redrive>;

const ends = async (
  deps: RouteDeps,
  from: string | undefined,
  to: string | undefined,
  fields: { readonly from: string; readonly to: string },
): Promise<{ readonly from: Moment | undefined; readonly to: Moment | undefined }> => {
  const begin = from === undefined ? undefined : await pastMoment(deps, from, fields.from);
  const end = to === undefined ? undefined : await pastMoment(deps, to, fields.to);
  if (begin !== undefined && end !== undefined) mustFollow(begin, end, fields.from);
  return { from: begin, to: end };
};

const textOf = (end: End | undefined): string | undefined =>
  end && ('time' in end ? end.time : end.position);

/** A list without anything in it is as good as none. */
const unlessEmpty = <Item>(list: Item[] | undefined): Item[] | undefined =>
  list?.length === 0 ? undefined : list;

export const wishOf = async (deps: RouteDeps, form: NewReplay): Promise<ReplayWish> => {
  const { range, arrivals, to: only, versions, mode, rate, concurrency } = form;
  const { ids, outcomes, ...filters } = arrivals;
  const lists = { ids: unlessEmpty(ids), outcomes: unlessEmpty(outcomes) };
  return {
    ...(await ends(deps, textOf(range.from), textOf(range.to), {
      ...{ from: 'range.from', to: 'range.to' },
    })),
    among: { arrivals: given({ ...filters, ...lists }) },
    ...{ only, versions, mode, concurrency, perSecond: rate?.perSecond ?? null },
  };
};

export const redriveWishOf = async (deps: RouteDeps, form: Redrive): Promise<ReplayWish> => {
  const { triggerId, functionId, reason, failureKind, from, to } = form;
  const { versions, mode, rate, concurrency } = form;
  return {
    ...(await ends(deps, from, to, { from: 'from', to: 'to' })),
    among: { deadLetters: given({ triggerId, functionId, reason, failureKind }) },
    only: { matched: true },
    ...{ versions, mode, concurrency, perSecond: rate?.perSecond ?? null },
  };
};
