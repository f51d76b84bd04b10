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
}

type Takes = { readonly [T in FactType]?: (fact: Recorded<T>) => void };

/** `bucketOf`: where a trigger is looked for. */
export const createRegister = (bucketOf: (trigger: Trigger) => string) => {
  const triggers = new Map<string, Trigger>();
  const functions = new Map<string, FunctionNow>();
  const buckets = new Map<string, Map<string, Trigger>>();

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

  const define = ({ data, metadata }: Recorded<'FunctionRegistered' | 'FunctionRevised'>): void => {
    const { workspace } = metadata;
    const { functionId, concurrency, timeoutMs, retry } = data;
    functions.set(functionId, { workspace, concurrency, timeoutMs, retry });
  };

  const on: Takes = {
    FunctionRegistered: define,
    FunctionRevised: define,
    FunctionRetired: ({ data }) => void functions.delete(data.functionId),
    TriggerRegistered: ({ data, metadata }) =>
      put({
        triggerId: data.triggerId,
        workspace: metadata.workspace,
        functionId: data.functionId,
        kind: data.executionType,
        metadata: data.triggerMetadata,
        version: data.version,
        status: 'active',
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
  };
  return { on, register };
};
