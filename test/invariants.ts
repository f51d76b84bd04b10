import { isKnown, type Recorded } from '../src/domain/events.ts';
import { invocationIdOf } from '../src/domain/ids.ts';
import type { StoredEvent } from '../src/domain/recorded.ts';
import { webhookKey } from '../src/domain/trigger/webhook-path.ts';

interface Invocation {
  readonly queued: Recorded<'InvocationQueued'>;
  /** The attempt that runs. */
  running: string | undefined;
  attempts: number;
  /** Attempts that count against the limit. */
  used: number;
  firstStart: string | undefined;
  end: string | undefined;
}

interface Options {
  /** All work is done: what is owed must be there, and not only what is there be right. */
  readonly settled?: boolean;
}

type Of<T extends Recorded['type']> = Extract<Recorded, { type: T }>;
type End = Of<'InvocationSucceeded' | 'InvocationDeadLettered' | 'InvocationCancelled'>;

/** First start of the next after the end of the one before. */
const outOfTurn = (line: string, members: readonly Invocation[]): readonly string[] =>
  members.slice(1).flatMap(({ firstStart, queued }, at) => {
    const before = members[at]?.end ?? '~';
    if (firstStart === undefined || before < firstStart) return [];
    return [`${line}: ${queued.data.invocationId} started before its turn`];
  });

const unfinished = (invocations: Iterable<Invocation>): readonly string[] =>
  [...invocations]
    .filter((invocation) => invocation.end === undefined)
    .map(({ queued }) => `${queued.data.invocationId} has no outcome`);

/**
 * Reads a log from its start to its end and tells every promise it breaks, in sentences; an empty
 * list is a good log. It shares no code with what it judges but ids and paths.
 */
export const checkInvariants = (
  log: readonly StoredEvent[],
  { settled = false }: Options = {},
): readonly string[] => {
  const broken: string[] = [];
  const revisions = new Map<string, number>();
  const listening = new Map<string, Map<string, string>>();
  const invocations = new Map<string, Invocation>();
  const owed = new Map<string, string>();
  const lines = new Map<string, Invocation[]>();

  const complain = (event: StoredEvent, sentence: string): void => {
    broken.push(`${event.type} at ${event.position}: ${sentence}`);
  };

  const listen = ({ data, metadata }: Of<'TriggerRegistered' | 'TriggerRevised'>): void => {
    const key =
      data.executionType === 'webhook'
        ? webhookKey(String(data.triggerMetadata['path']))
        : data.triggerId;
    const triggers = listening.get(metadata.workspace) ?? new Map<string, string>();
    triggers.set(data.triggerId, `${data.executionType} ${key}`);
    listening.set(metadata.workspace, triggers);
  };

  const arrive = ({ data, metadata }: Of<'EventArrived'>): void => {
    for (const [triggerId, key] of listening.get(metadata.workspace) ?? []) {
      if (key !== `${data.source.kind} ${data.source.key}`) continue;
      const invocationId = invocationIdOf(data.arrivalId, triggerId);
      owed.set(invocationId, `arrival ${data.arrivalId} has no invocation for ${triggerId}`);
    }
  };

  const queue = (event: Of<'InvocationQueued'>): void => {
    const { invocationId, triggerId, orderingKey } = event.data;
    if (invocations.has(invocationId)) complain(event, 'queued twice');
    owed.delete(invocationId);
    const invocation: Invocation = {
      queued: event,
      running: undefined,
      attempts: 0,
      used: 0,
      firstStart: undefined,
      end: undefined,
    };
    invocations.set(invocationId, invocation);
    if (orderingKey === null) return;
    const line = JSON.stringify([triggerId, orderingKey]);
    lines.set(line, [...(lines.get(line) ?? []), invocation]);
  };

  const find = (event: Recorded & { data: { invocationId: string } }): Invocation | undefined => {
    const invocation = invocations.get(event.data.invocationId);
    if (invocation === undefined) complain(event, 'of an invocation that was never queued');
    else if (invocation.end !== undefined) complain(event, 'after the end');
    return invocation;
  };

  const start = (event: Of<'InvocationStarted'>): void => {
    const invocation = find(event);
    if (invocation === undefined) return;
    if (invocation.running !== undefined) complain(event, 'while another attempt runs');
    if (event.data.attempt !== invocation.attempts + 1) complain(event, 'out of count');
    invocation.attempts = event.data.attempt;
    invocation.running = event.data.attemptId;
    invocation.firstStart ??= event.position;
    const { maxAttempts } = invocation.queued.data.policy;
    if (invocation.used >= maxAttempts) complain(event, `more than ${maxAttempts} attempts`);
  };

  const stop = (
    event: Of<'InvocationFailed' | 'AttemptLost' | 'InvocationSucceeded'>,
  ): Invocation | undefined => {
    const invocation = find(event);
    if (invocation === undefined) return undefined;
    if (invocation.running !== event.data.attemptId) complain(event, 'of an attempt not running');
    invocation.running = undefined;
    const free = event.type === 'InvocationFailed' && event.data.failure.kind === 'shutdown';
    invocation.used += free ? 0 : 1;
    return invocation;
  };

  const end = (event: End): void => {
    const invocation = event.type === 'InvocationSucceeded' ? stop(event) : find(event);
    if (invocation === undefined) return;
    invocation.running = undefined;
    invocation.end ??= event.position;
  };

  const on: { readonly [T in Recorded['type']]?: (event: Of<T>) => void } = {
    TriggerRegistered: listen,
    TriggerRevised: listen,
    TriggerRetired: ({ data, metadata }) => {
      listening.get(metadata.workspace)?.delete(data.triggerId);
    },
    EventArrived: arrive,
    InvocationQueued: queue,
    InvocationStarted: start,
    InvocationFailed: (event) => void stop(event),
    AttemptLost: (event) => void stop(event),
    InvocationSucceeded: end,
    InvocationDeadLettered: end,
    InvocationCancelled: end,
    InvocationRetried: ({ data }) => {
      if (!invocations.has(data.retriedAs)) {
        owed.set(data.retriedAs, `${data.invocationId} was never repeated`);
      }
    },
  };

  for (const event of log) {
    const expected = (revisions.get(event.stream) ?? -1) + 1;
    if (event.revision !== expected) complain(event, `revision ${event.revision}, not ${expected}`);
    revisions.set(event.stream, event.revision);
    if (isKnown(event)) (on[event.type] as ((event: Recorded) => void) | undefined)?.(event);
  }

  broken.push(...[...lines].flatMap(([line, members]) => outOfTurn(line, members)));
  if (settled) broken.push(...owed.values(), ...unfinished(invocations.values()));
  return broken;
};
