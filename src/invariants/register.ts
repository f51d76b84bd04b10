import type { DataOf, FactType, Recorded } from '../domain/events.ts';

type Metadata = DataOf<'TriggerRegistered'>['triggerMetadata'];

export interface Trigger {
  readonly triggerId: string;
  readonly workspace: string;
  readonly functionId: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly version: number;
  readonly status: 'active' | 'paused' | 'suspended';
  /** Where it was registered, if it starts from the past. */
  readonly lateAt: string | undefined;
}

export interface FunctionNow
  extends Pick<DataOf<'FunctionRegistered'>, 'concurrency' | 'timeoutMs' | 'retry'> {
  readonly workspace: string;
}

/** What is registered as of the last fact taken; what has been deleted is not in it. */
export interface Register {
  readonly triggers: ReadonlyMap<string, Trigger>;
  readonly functions: ReadonlyMap<string, FunctionNow>;
  /** Triggers of that kind that may be concerned by an arrival with this key; more than are. */
  near(workspace: string, kind: string, bucket: string): Iterable<Trigger>;
  /** What the task makes of the register as it stood there, which is not long ago. */
  asOf<Result>(position: string, task: () => Result): Result;
}

/** One change, to be taken back and made again. */
interface Change {
  readonly position: string;
  readonly set: (which: 'before' | 'after') => void;
}

/** Who decides on a log that others write to too is behind by a moment, not by more than these. */
const changesKept = 1_000;

type Takes = { readonly [T in FactType]?: (fact: Recorded<T>) => void };

/** `bucketOf`: where a trigger is looked for. */
export const createRegister = (bucketOf: (trigger: Trigger) => string) => {
  const triggers = new Map<string, Trigger>();
  const functions = new Map<string, FunctionNow>();
  const buckets = new Map<string, Map<string, Trigger>>();
  let changes: Change[] = [];

  const placeOf = (trigger: Trigger): string =>
    JSON.stringify([trigger.workspace, trigger.kind, bucketOf(trigger)]);

  const remove = (triggerId: string): void => {
    const trigger = triggers.get(triggerId);
    if (trigger === undefined) return;
    triggers.delete(triggerId);
    const place = placeOf(trigger);
    const bucket = buckets.get(place);
    bucket?.delete(triggerId);
    if (bucket?.size === 0) buckets.delete(place);
  };

  const put = (trigger: Trigger): void => {
    remove(trigger.triggerId);
    triggers.set(trigger.triggerId, trigger);
    const place = placeOf(trigger);
    const bucket = buckets.get(place) ?? new Map<string, Trigger>();
    buckets.set(place, bucket.set(trigger.triggerId, trigger));
  };

  const change = (triggerId: string, changes: Partial<Trigger>): void => {
    const trigger = triggers.get(triggerId);
    if (trigger !== undefined) put({ ...trigger, ...changes });
  };

  const restore = (triggerId: string, trigger: Trigger | undefined): void => {
    if (trigger === undefined) remove(triggerId);
    else put(trigger);
  };

  const restoreFunction = (functionId: string, known: FunctionNow | undefined): void => {
    if (known === undefined) functions.delete(functionId);
    else functions.set(functionId, known);
  };

  const note = (position: string, set: Change['set']): void => {
    changes.push({ position, set });
    if (changes.length > 2 * changesKept) changes = changes.slice(-changesKept);
  };

  /** As it is taken, so that it can be taken back. */
  const noted =
    <T extends FactType>(take: (fact: Recorded<T>) => void) =>
    (fact: Recorded<T>): void => {
      const { triggerId, functionId } = fact.data as { triggerId?: string; functionId?: string };
      const isTrigger = triggerId !== undefined;
      const id = triggerId ?? functionId ?? '';
      const before = { trigger: triggers.get(id), function: functions.get(id) };
      take(fact);
      const after = { trigger: triggers.get(id), function: functions.get(id) };
      note(fact.position, (which) => {
        const then = which === 'before' ? before : after;
        if (isTrigger) restore(id, then.trigger);
        else restoreFunction(id, then.function);
      });
    };

  const define = ({ data, metadata }: Recorded<'FunctionRegistered' | 'FunctionRevised'>): void => {
    const { workspace } = metadata;
    const { functionId, concurrency, timeoutMs, retry } = data;
    functions.set(functionId, { workspace, concurrency, timeoutMs, retry });
  };

  const on: Takes = {
    FunctionRegistered: define,
    FunctionRevised: define,
    FunctionRetired: ({ data }) => void functions.delete(data.functionId),
    TriggerRegistered: ({ data, metadata, position }) =>
      put({
        triggerId: data.triggerId,
        workspace: metadata.workspace,
        functionId: data.functionId,
        kind: data.executionType,
        metadata: data.triggerMetadata,
        version: data.version,
        status: 'active',
        lateAt: data.startFrom && position,
      }),
    TriggerRevised: ({ data: { triggerId, functionId, triggerMetadata: metadata, version } }) =>
      change(triggerId, { functionId, metadata, version }),
    TriggerSecretsResealed: ({ data }) =>
      change(data.triggerId, { metadata: data.triggerMetadata }),
    TriggerPaused: ({ data }) => change(data.triggerId, { status: 'paused' }),
    TriggerSuspended: ({ data }) => change(data.triggerId, { status: 'suspended' }),
    TriggerResumed: ({ data }) => change(data.triggerId, { status: 'active' }),
    TriggerRetired: ({ data }) => remove(data.triggerId),
  };

  const register: Register = {
    triggers,
    functions,
    near: (workspace, kind, bucket) =>
      buckets.get(JSON.stringify([workspace, kind, bucket]))?.values() ?? [],
    asOf(position, task) {
      const first = changes.findLastIndex((change) => change.position <= position) + 1;
      const later = changes.slice(first);
      for (const { set } of later.toReversed()) set('before');
      try {
        return task();
      } finally {
        for (const { set } of later) set('after');
      }
    },
  };
  const notedOn = Object.fromEntries(
    Object.entries(on).map(([type, take]) => [type, noted(take as (fact: Recorded) => void)]),
  ) as Takes;
  return { on: notedOn, register };
};
