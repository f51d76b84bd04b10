import type { InvocationDocument } from '../../../projections/invocations.ts';
import type { TriggerEntry } from '../../../projections/registry.ts';
import type { ReplayOrder, ReplayOutcome, SkipReason } from '../../domain/replay/order.ts';
import { functionFor, type RegistryIndex } from '../../routing/registry-index.ts';
import type { Candidate } from './candidates.ts';

/** By what an invocation is queued: as another one was, or by what a trigger says or said. */
export type Definition =
  | { readonly like: InvocationDocument }
  | { readonly trigger: TriggerEntry; readonly pinned: boolean };

export interface Delivery {
  readonly triggerId: string;
  readonly definition: Definition;
  /** The dead invocation that it makes up for. */
  readonly repeats: string | null;
}

export interface Skip {
  readonly triggerId: string | null;
  readonly skip: SkipReason;
}

export type Verdict = Delivery | Skip;

/** What is known of an arrival when it is decided whether it is delivered again. */
export interface Case extends Candidate {
  /** All that was ever invoked for it, oldest first. */
  readonly invocations: readonly InvocationDocument[];
  /** Triggers from which it was withheld, as they were then, where that is asked and they were there. */
  readonly withheld: readonly {
    readonly triggerId: string;
    readonly was: TriggerEntry | undefined;
  }[];
  /** Whether a trigger that it reaches now wants it. */
  readonly wantedBy: (trigger: TriggerEntry) => boolean;
}

/** A trigger's part in an arrival. */
interface Part {
  readonly triggerId: string;
  readonly functionId: string | undefined;
  /** Undefined where it has no part in it, or no more. */
  readonly definition: Definition | undefined;
}

type Registry = Pick<RegistryIndex, 'byKey' | 'triggerById' | 'functionById'>;

const partLike = (like: InvocationDocument): Part => ({
  triggerId: like.triggerId,
  functionId: like.functionId,
  definition: { like },
});

const noPart = (triggerId: string, functionId?: string): Part => ({
  triggerId,
  functionId,
  definition: undefined,
});

const partOf = (trigger: TriggerEntry, pinned: boolean): Part => ({
  triggerId: trigger.triggerId,
  functionId: trigger.functionId,
  definition: { trigger, pinned },
});

/** Those that it led to when it arrived. */
const originals = ({ invocations }: Case): readonly InvocationDocument[] =>
  invocations.filter(({ retryOf, replayId }) => retryOf === null && replayId === null);

const partsThen = (of: Case): readonly Part[] => [
  ...originals(of).map(partLike),
  ...of.withheld.map(({ triggerId, was }) => (was ? partOf(was, true) : noPart(triggerId))),
];

/** Those that had a part then and have none now are named, so that nothing is passed over unsaid. */
const partsNow = (of: Case, registry: Registry): readonly Part[] => {
  const { workspace, sourceKind, sourceKey } = of.arrival;
  const matching = registry.byKey(workspace, sourceKind, sourceKey).filter(of.wantedBy);
  const present = new Set(matching.map(({ triggerId }) => triggerId));
  const former = [
    ...originals(of).map(({ triggerId, functionId }) => noPart(triggerId, functionId)),
    ...of.withheld.map(({ triggerId }) => noPart(triggerId)),
  ];
  return [
    ...matching.map((trigger) => partOf(trigger, false)),
    ...former.filter(({ triggerId }) => !present.has(triggerId)),
  ];
};

/** Of what died, whatever the trigger listens to by now. */
const partThatDied = (
  triggerId: string,
  of: Case,
  { versions }: ReplayOrder,
  registry: Registry,
): Part => {
  const then = partsThen(of).find((part) => part.triggerId === triggerId);
  if (versions === 'as-then' && then !== undefined) return then;
  const trigger = registry.triggerById(triggerId);
  return trigger ? partOf(trigger, false) : noPart(triggerId, then?.functionId);
};

const partsOf = (of: Case, order: ReplayOrder, registry: Registry): readonly Part[] => {
  if (of.died !== undefined) return [partThatDied(of.died.triggerId, of, order, registry)];
  return order.versions === 'as-then' ? partsThen(of) : partsNow(of, registry);
};

const isAmong = ({ only }: ReplayOrder, { triggerId, functionId }: Part): boolean => {
  if ('triggers' in only) return only.triggers.includes(triggerId);
  return 'matched' in only || only.function === functionId;
};

const invokedFor = ({ invocations }: Case, triggerId: string): readonly InvocationDocument[] =>
  invocations.filter((each) => each.triggerId === triggerId);

const isOpen = ({ status }: InvocationDocument): boolean =>
  status === 'queued' || status === 'running' || status === 'waiting';

/** Undefined while it has not ended. */
const outcomeOf = (of: Case, triggerId: string): ReplayOutcome | undefined => {
  const last = invokedFor(of, triggerId).at(-1);
  if (last === undefined)
    return of.arrival.withheld.some((one) => one.triggerId === triggerId)
      ? 'withheld'
      : 'not-matched';
  if (last.status === 'cancelled')
    return last.reason?.startsWith('dropped: ') ? 'dropped' : 'cancelled';
  return last.status === 'succeeded' || last.status === 'dead' ? last.status : undefined;
};

const whyNotNow = (
  { triggerId, functionId = '', definition }: Part,
  workspace: string,
  { mode }: ReplayOrder,
  registry: Registry,
): SkipReason | undefined => {
  const trigger = registry.triggerById(triggerId);
  if (trigger === undefined) return 'trigger-deleted';
  if (definition === undefined) return 'not-matched';
  if (trigger.status !== 'active' && mode !== 'catch-up') return `trigger-${trigger.status}`;
  const target = functionFor(registry, { workspace, functionId });
  return target === undefined ? 'function-deleted' : undefined;
};

const verdictOn = (part: Part, of: Case, order: ReplayOrder, registry: Registry): Verdict => {
  const { triggerId, definition } = part;
  const invoked = invokedFor(of, triggerId);
  const skipped = (skip: SkipReason): Skip => ({ triggerId, skip });
  if (order.mode !== 'force') {
    if (invoked.some(({ status }) => status === 'succeeded')) return skipped('succeeded');
    if (invoked.some(isOpen)) return skipped('under-way');
  }
  const whyNot = whyNotNow(part, of.arrival.workspace, order, registry);
  if (whyNot !== undefined || definition === undefined) return skipped(whyNot ?? 'not-matched');
  const last = invoked.at(-1);
  const repeats = last?.status === 'dead' ? last.invocationId : null;
  return { triggerId, definition, repeats: of.died?.invocationId ?? repeats };
};

/**
 * Whether an arrival is delivered again, and to which triggers: a function of what is on record of it
 * and of the registry. Empty where the order is not about it.
 */
export const verdictsOn = (
  of: Case,
  order: ReplayOrder,
  registry: Registry,
): readonly Verdict[] => {
  const outcomes = 'arrivals' in order.among ? order.among.arrivals.outcomes : undefined;
  const isSought = (outcome: ReplayOutcome | undefined): boolean =>
    outcomes === undefined || (outcome !== undefined && outcomes.includes(outcome));
  const parts = partsOf(of, order, registry).filter((part) => isAmong(order, part));
  if (parts.length === 0) {
    const isTold = order.mode !== 'catch-up' && isSought('not-matched');
    return isTold ? [{ triggerId: null, skip: 'not-matched' }] : [];
  }
  return parts
    .filter(({ triggerId }) => isSought(outcomeOf(of, triggerId)))
    .map((part) => verdictOn(part, of, order, registry));
};
