import type { RegistryEntry, TriggerEntry } from '../../projections/registry.ts';
import { isKnown, type Recorded } from '../../src/domain/events.ts';
import type { Source } from '../../src/domain/facts/arrival-facts.ts';
import { invocationIdOf } from '../../src/domain/ids.ts';
import { asPosition, type Position } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { triggerKinds } from '../../src/triggers/index.ts';
import type { HotViews } from '../../src/views/hot-views.ts';
import { naivelyMatches } from '../triggers/naive-topic.ts';
import type { World } from './world.ts';

/** Filters name one text that bodies have in one place, whatever the language. */
const isWanted = ({ triggerMetadata: { filter } }: TriggerEntry, text: string): boolean => {
  if (filter === undefined) return true;
  const [, wanted] = /["'](x|y)["']/.exec(JSON.stringify(filter)) ?? [];
  return text.includes(`"k":"${wanted}"`);
};

const isReached = (
  { executionType, triggerMetadata, triggerId }: TriggerEntry,
  source: Source,
): boolean => {
  if (executionType !== source.kind) return false;
  if (source.kind === 'message')
    return naivelyMatches(String(triggerMetadata['topic']).split('.'), source.key.split('.'));
  if (source.kind === 'event') {
    const [eventType, from] = JSON.parse(source.key) as readonly string[];
    const wanted = triggerMetadata['eventSource'] ?? '';
    return triggerMetadata['eventType'] === eventType && (wanted === '' || wanted === from);
  }
  const kind = triggerKinds.get(executionType);
  return kind?.key(triggerMetadata as never, triggerId) === source.key;
};

/** Said once more, as simply as can be; `text` is what came. */
export const concerns = (trigger: TriggerEntry, source: Source, text: string): boolean =>
  isReached(trigger, source) && isWanted(trigger, text);

interface Expected {
  readonly fired: ReadonlySet<string>;
  readonly withheld: ReadonlySet<string>;
}

const isTrigger = (entry: RegistryEntry): entry is TriggerEntry => entry.entity === 'trigger';

/**
 * Decides once more, looking at every trigger there is, what each arrival leads to as things stood
 * when it was decided on: that and
 * nothing else must be on record.
 */
export const createRoutingCheck = (
  views: HotViews,
  { breaks, counters, disk }: Pick<World, 'breaks' | 'counters' | 'disk'>,
) => {
  const expected = new Map<string, Expected>();
  /** Promised to a trigger whose filter did not let it through. */
  const filteredOut = new Set<string>();
  const queued = new Map<string, Set<string>>();
  const withheld = new Map<string, ReadonlySet<string>>();

  /** The registry after each change of it. */
  const stood: { readonly from: Position; readonly triggers: readonly TriggerEntry[] }[] = [];

  const changed = ({ position }: StoredEvent): void => {
    stood.push({ from: position, triggers: [...views.registry.values()].filter(isTrigger) });
  };

  const triggers = (workspace: string, at: Position): readonly TriggerEntry[] =>
    (stood.findLast(({ from }) => from <= at)?.triggers ?? []).filter(
      (trigger) => trigger.workspace === workspace,
    );

  const promisedTo = (triggerId: string, all: readonly TriggerEntry[], text: string): Expected => {
    const trigger = all.find((one) => one.triggerId === triggerId);
    if (trigger === undefined) return { fired: new Set(), withheld: new Set([triggerId]) };
    const isFired = isWanted(trigger, text);
    return { fired: new Set(isFired ? [triggerId] : []), withheld: new Set() };
  };

  const arrived = ({ data, metadata, position }: Recorded<'EventArrived'>): void => {
    const { source, arrivalId, acceptedFor, decidedAt } = data;
    const text = disk.textOf(data.body);
    const all = triggers(metadata.workspace, asPosition(decidedAt ?? position));
    if (acceptedFor !== undefined) {
      const promise = promisedTo(acceptedFor.triggerId, all, text);
      expected.set(arrivalId, promise);
      if (promise.fired.size + promise.withheld.size > 0) return;
      filteredOut.add(arrivalId);
      counters.count('filtered out');
      return;
    }
    const concerned = all.filter((trigger) => concerns(trigger, source, text));
    const runs = ({ status }: TriggerEntry): boolean => status === 'active';
    const ids = (some: readonly TriggerEntry[]) => new Set(some.map(({ triggerId }) => triggerId));
    const now = triggers(metadata.workspace, position);
    const late = now.filter(
      (trigger) =>
        (trigger.startFrom?.upTo ?? '') > (decidedAt ?? position) &&
        concerns(trigger, source, text) &&
        runs(trigger),
    );
    expected.set(arrivalId, {
      fired: ids([...concerned.filter(runs), ...late]),
      withheld: ids(concerned.filter((trigger) => !runs(trigger))),
    });
  };

  const wasQueued = ({ data }: Recorded<'InvocationQueued'>): void => {
    const { arrivalId, triggerId, retryOf, invocationId, replay } = data;
    if (retryOf !== null || replay !== undefined) return;
    const so = queued.get(arrivalId) ?? new Set();
    queued.set(arrivalId, so.add(triggerId));
    if (invocationId !== invocationIdOf(arrivalId, triggerId))
      breaks(`${invocationId} is not what ${triggerId} makes of ${arrivalId}`);
    if (!expected.get(arrivalId)?.fired.has(triggerId))
      breaks(`${arrivalId} fired ${triggerId}, which it did not concern when it arrived`);
  };

  const wasWithheld = ({ data }: Recorded<'EventWithheld'>): void => {
    const triggers = new Set(data.triggers.map(({ triggerId }) => triggerId));
    withheld.set(data.arrivalId, triggers);
    const owed = expected.get(data.arrivalId)?.withheld ?? new Set();
    if (triggers.size !== owed.size || [...triggers].some((id) => !owed.has(id)))
      breaks(`${data.arrivalId} is said to be withheld from other triggers than it was`);
  };

  return {
    filteredOut: filteredOut as ReadonlySet<string>,
    /** With the views as of the fact. */
    take(fact: StoredEvent): void {
      if (!isKnown(fact)) return;
      if (fact.type.startsWith('Trigger')) changed(fact);
      else if (fact.type === 'EventArrived') arrived(fact);
      else if (fact.type === 'InvocationQueued') wasQueued(fact);
      else if (fact.type === 'EventWithheld') wasWithheld(fact);
    },
    atRest(): void {
      for (const [arrivalId, owed] of expected) {
        const fired = queued.get(arrivalId) ?? new Set();
        const left = [...owed.fired].filter((triggerId) => !fired.has(triggerId));
        breaks(...left.map((id) => `${arrivalId} has not fired ${id}, which it concerned`));
        if (owed.withheld.size > 0 && !withheld.has(arrivalId))
          breaks(`${arrivalId} was withheld from a trigger, and nothing says so`);
      }
    },
  };
};
