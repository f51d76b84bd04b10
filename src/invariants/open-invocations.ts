import type { FactType, Recorded } from '../domain/events.ts';

type Queued = Recorded<'InvocationQueued'>;

/** An invocation without an outcome. */
export interface OpenInvocation {
  readonly queued: Queued['data'];
  readonly workspace: string;
  /** The attempt that runs. */
  readonly running: string | undefined;
  /** The number of the last attempt started. */
  readonly attempts: number;
  /** Attempts that ended and count against the limit. */
  readonly used: number;
}

export interface Invocations {
  readonly open: ReadonlyMap<string, OpenInvocation>;
  /** What was queued as this one, ended or not. Where only the open is remembered: undefined if ended. */
  find(invocationId: string): Queued['data'] | undefined;
}

type Takes = { readonly [T in FactType]?: (fact: Recorded<T>) => void };
type Outcome = Recorded<'InvocationSucceeded' | 'InvocationDeadLettered' | 'InvocationCancelled'>;

/** Follows what was recorded of invocations, be it allowed or not. */
export const createInvocations = (remembers: 'all' | 'open') => {
  const open = new Map<string, OpenInvocation>();
  const ended = new Map<string, Queued['data']>();

  const change = (invocationId: string, changes: Partial<OpenInvocation>): void => {
    const known = open.get(invocationId);
    if (known !== undefined) open.set(invocationId, { ...known, ...changes });
  };

  const stop = ({ type, data }: Recorded<'InvocationFailed' | 'AttemptLost'>): void => {
    const used = open.get(data.invocationId)?.used ?? 0;
    // An attempt cut short by a stop of the server is free.
    const isFree = type === 'InvocationFailed' && data.failure.kind === 'shutdown';
    change(data.invocationId, { running: undefined, used: used + (isFree ? 0 : 1) });
  };

  const end = ({ data: { invocationId } }: Outcome): void => {
    const known = open.get(invocationId);
    if (known === undefined) return;
    open.delete(invocationId);
    if (remembers === 'all') ended.set(invocationId, known.queued);
  };

  const on: Takes = {
    InvocationQueued: ({ data, metadata: { workspace } }) =>
      void open.set(data.invocationId, {
        queued: data,
        workspace,
        running: undefined,
        attempts: 0,
        used: 0,
      }),
    InvocationStarted: ({ data: { invocationId, attempt, attemptId } }) =>
      change(invocationId, { running: attemptId, attempts: attempt }),
    InvocationFailed: stop,
    AttemptLost: stop,
    InvocationSucceeded: end,
    InvocationDeadLettered: end,
    InvocationCancelled: end,
  };
  const invocations: Invocations = {
    open,
    find: (invocationId) => open.get(invocationId)?.queued ?? ended.get(invocationId),
  };
  return { on, invocations };
};
