import type { TriggerEntry } from '../../projections/registry.ts';
import type { Mismatch } from '../filters/language.ts';
import type { TriggerConfig, TriggerKind } from '../triggers/kind.ts';
import type { RegistryIndex } from './registry-index.ts';
import { type Routable, reachedBy, route } from './route.ts';
import { seenByFilters } from './seen-by-filters.ts';
import { hasFilter, whyUnwanted } from './trigger-filter.ts';

/** The first thing that decided against a trigger. */
export type WhyNot =
  | { readonly reason: 'stopped' | 'suspended' }
  /** Its sender was told that another trigger has taken it. */
  | { readonly reason: 'taken-by-another' }
  /** It has a filter, and nobody can tell any more what that said. */
  | { readonly reason: 'payload-forgotten' }
  /** The first predicate of its filter that failed. */
  | ({ readonly reason: 'filtered' } & Omit<Mismatch, 'language'>)
  /** What it listens for, and where the event came in. */
  | {
      readonly reason: 'kind-differs' | 'key-differs';
      readonly expected: string;
      readonly seen: string;
    };

/** `whyNot` null: it fired. */
export interface Verdict {
  readonly trigger: TriggerEntry;
  readonly whyNot: WhyNot | null;
}

export interface Judged {
  readonly registry: RegistryIndex;
  readonly kinds: ReadonlyMap<string, Pick<TriggerKind, 'key'>>;
}

const idle = { paused: 'stopped', suspended: 'suspended' } as const;

const filtered = ({ language: _, ...mismatch }: Mismatch): WhyNot => ({
  reason: 'filtered',
  ...mismatch,
});

/**
 * Why each trigger takes an event or does not: what {@link route} says of it, and where that says
 * nothing, what keeps it from being concerned.
 */
export const judging = ({ registry, kinds }: Judged, arrival: Routable) => {
  const { workspace, source } = arrival;
  const seen = seenByFilters(arrival, () => registry.originOf(source));
  const filteredOut = (trigger: TriggerEntry): WhyNot | undefined => {
    if (!hasFilter(trigger)) return undefined;
    if (arrival.bodyOf() === undefined) return { reason: 'payload-forgotten' };
    const mismatch = whyUnwanted(trigger, seen);
    return mismatch && filtered(mismatch);
  };
  const said = new Map<string, WhyNot | null>();
  for (const { triggerId } of registry.byKey(workspace, source.kind, source.key))
    said.set(triggerId, { reason: 'taken-by-another' });
  for (const routing of route(registry, arrival)) {
    if (routing.fired) said.set(routing.trigger.triggerId, null);
    else if (routing.reason !== 'deleted')
      said.set(routing.triggerId, { reason: idle[routing.reason] });
  }
  for (const trigger of reachedBy(registry, arrival)) {
    const whyNot = filteredOut(trigger);
    if (whyNot !== undefined) said.set(trigger.triggerId, whyNot);
  }
  const elsewhere = ({ executionType, triggerMetadata, triggerId }: TriggerEntry): WhyNot => {
    if (executionType !== source.kind)
      return { reason: 'kind-differs', expected: executionType, seen: source.kind };
    const key = kinds.get(executionType)?.key(triggerMetadata as TriggerConfig, triggerId);
    return { reason: 'key-differs', expected: key ?? '', seen: source.key };
  };
  return (trigger: TriggerEntry): Verdict => {
    const whyNot = said.get(trigger.triggerId);
    return { trigger, whyNot: whyNot === undefined ? elsewhere(trigger) : whyNot };
  };
};

const sharedStart = (one: string, other: string): number => {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
};

/**
 * Infinite where a trigger was concerned at all; then those that were reached and did not want it,
 * then the same kind, by how alike the keys begin.
 */
const nearness = ({ whyNot }: Verdict): number => {
  switch (whyNot?.reason) {
    case 'filtered':
      return Number.MAX_VALUE;
    case 'key-differs':
      return sharedStart(whyNot.expected, whyNot.seen);
    case 'kind-differs':
      return -1;
    default:
      return Number.POSITIVE_INFINITY;
  }
};

/** All that were concerned, and of the others the nearest few. */
export const nearest = (verdicts: readonly Verdict[], few: number): readonly Verdict[] => {
  const measured = verdicts.map((verdict) => ({ verdict, near: nearness(verdict) }));
  const concerned = measured.filter(({ near }) => near === Number.POSITIVE_INFINITY);
  const missed = measured.filter(({ near }) => near < Number.POSITIVE_INFINITY);
  missed.sort((a, b) => b.near - a.near);
  return [...concerned, ...missed.slice(0, few)].map(({ verdict }) => verdict);
};
