import type { Clock } from '../domain/clock.ts';
import { type ErrorCode, isTriplineError, TriplineError } from '../domain/errors.ts';
import type { Envelope } from '../domain/events.ts';
import type { InvocationCommand } from '../domain/invocation/commands.ts';
import { hasEnded, type InvocationState, invocation } from '../domain/invocation/decider.ts';
import { answerIn } from '../domain/invocation/kept-outcome.ts';
import type { InvocationFact } from '../domain/invocation/machine.ts';
import type { Logger } from '../domain/logger.ts';
import type { Position } from '../domain/position.ts';
import type { SaltedBytes } from '../domain/salted-bytes.ts';
import { SlotMap } from '../domain/slot-map.ts';
import { jitteredDelay } from '../log/backoff.ts';
import type { EventStore } from '../store/event-store.ts';
import { createTurn, type Turn } from './turn.ts';

export interface LaneAnswer {
  /** What was recorded for this command; empty where there was nothing to do. */
  readonly facts: readonly InvocationFact[];
  readonly state: InvocationState;
  /** Up to where the log has all of it; undefined where the lane has recorded nothing yet. */
  readonly position: Position | undefined;
}

export interface LaneDeps {
  readonly store: Pick<EventStore, 'append'>;
  /** Its journal: nobody else writes there. */
  readonly stream: string;
  readonly clock: Clock;
  readonly chance: { random(): number; newId(): string };
  readonly log: Logger;
  /** The journal is not as this lane left it, or the store has failed: nothing can be recorded. */
  readonly onFatal: (error: unknown) => void;
}

/**
 * The actor that what happens to invocations goes through. It takes turns: every command that came
 * since its last append was acknowledged is decided by its invocation's own decider, and all their
 * facts are one append at the lane's own revision. One append is in flight at most, so what is
 * appended together grows with the load, and a lone command waits for nothing.
 */
export interface Lane {
  /**
   * Answers when the turn is durable. Rejects as the decider refuses, with `event-too-large`, or
   * with `shutting-down`. While the store is away it waits, and the turn is sent again as it was.
   */
  ask(
    invocationId: string,
    command: InvocationCommand,
    envelope: Envelope,
    /** The bytes that the command names, and the first fact it leads to. */
    payload?: SaltedBytes,
  ): Promise<LaneAnswer>;
  /** Resolves when what was asked before is durable, with where the invocation stands then. */
  settled(invocationId: string): Promise<LaneAnswer>;
  /** An invocation that is open by what was recorded elsewhere. */
  adopt(invocationId: string, state: InvocationState): void;
  /** What was recorded with an arrival, to be told in the order of the log. */
  heard(fact: InvocationFact): void;
  /** Takes the journal up at its end; what was asked before is decided from now on. */
  open(revision: number | 'no_stream'): void;
  /** Nothing more is asked of the store; whoever still waits is refused with `shutting-down`. */
  stop(): Promise<void>;
  /** Of its journal, as it left it; undefined before it was opened. */
  readonly revision: number | 'no_stream' | undefined;
  /** Invocations that are open, as far as they are on record. */
  readonly size: number;
}

interface Request {
  readonly command: InvocationCommand;
  readonly envelope: Envelope;
  readonly payload: SaltedBytes | undefined;
}

interface Message {
  readonly invocationId: string;
  /** Undefined: it is only waited for. */
  readonly request: Request | undefined;
  readonly resolve: (answer: LaneAnswer) => void;
  readonly reject: (error: unknown) => void;
}

interface Decided {
  readonly message: Message;
  readonly facts: readonly InvocationFact[];
  readonly state: InvocationState;
}

const passing: ReadonlySet<ErrorCode> = new Set([
  'store-unavailable',
  'disk-full',
  'outcome-unknown',
]);

/** Of one turn; what is more waits for the next. */
const most = { commands: 512, bytes: 524_288 };
/** About what a fact takes beside the answer that it has or names. */
const bareBytes = 512;

const answerBytes = ({ command, payload }: Request): number => {
  if (payload !== undefined) return payload.bytes.length;
  const answer = command.type === 'RecordOutcome' ? answerIn(command.outcome) : null;
  return answer !== null && 'content' in answer ? answer.content.length : 0;
};

/** How many of those that wait are one turn: one at least. */
const turnOf = (mailbox: readonly Message[]): number => {
  let bytes = 0;
  for (const [at, { request }] of mailbox.entries()) {
    bytes += bareBytes + (request === undefined ? 0 : answerBytes(request));
    if (at === most.commands || (bytes > most.bytes && at > 0)) return at;
  }
  return mailbox.length;
};

export const createLane = (deps: LaneDeps): Lane => {
  const { store, stream, clock, chance, log } = deps;
  const states = new SlotMap<InvocationState>();
  let mailbox: Message[] = [];
  let revision: number | 'no_stream' | undefined;
  let position: Position | undefined;
  let busy: Promise<void> | undefined;
  let stopped = false;
  let wake = (): void => {};

  const reasonOf = (cause: unknown): unknown =>
    isTriplineError(cause, 'wrong-expected-revision')
      ? new TriplineError('store-unavailable', `${stream} is another instance's now`, { cause })
      : cause;
  const stopping = () => new TriplineError('shutting-down', 'the server is stopping');

  const pause = (failures: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(jitteredDelay(failures, chance.random), resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });

  /** Each by its own decider; a refusal is its asker's alone. */
  const decide = (messages: readonly Message[], turn: Turn): readonly Decided[] =>
    messages.flatMap((message) => {
      const { invocationId, request } = message;
      const known = turn.stateOf(invocationId) ?? states.get(invocationId);
      const before = known ?? invocation.initialState;
      if (request === undefined) return [{ message, facts: [], state: before }];
      try {
        const facts = invocation.decide(request.command, before) as readonly InvocationFact[];
        const state = facts.reduce(invocation.evolve, before);
        turn.add(invocationId, facts, state, request.envelope, request.payload);
        return [{ message, facts, state }];
      } catch (error) {
        message.reject(error);
        return [];
      }
    });

  /** False where it has to be sent again. */
  const isStored = async (turn: Turn): Promise<boolean> => {
    try {
      const appended = await store.append(stream, revision ?? 'no_stream', turn.records());
      revision = appended.revision;
      position = appended.position ?? position;
      return true;
    } catch (error) {
      if (!isTriplineError(error) || !passing.has(error.code)) throw error;
      log.warn({ stream, code: error.code }, 'waiting for the store');
      return false;
    }
  };

  /** The same records at the same revision, until it is known that they are stored. */
  const append = async (turn: Turn): Promise<void> => {
    if (turn.records().length === 0) return;
    for (let failures = 0; !(await isStored(turn)); failures += 1) {
      if (!stopped) await pause(failures);
      if (stopped) throw stopping();
    }
  };

  const keep = (turn: Turn): void => {
    for (const [invocationId, state] of turn.states()) {
      if (hasEnded(state)) states.delete(invocationId);
      else states.set(invocationId, state);
    }
  };

  const failed = async (decided: readonly Decided[], error: unknown): Promise<void> => {
    if (isTriplineError(error, 'event-too-large') && decided.length > 1) {
      // One by one, so that what is too large cannot keep the others from being recorded.
      for (const { message } of decided) await take([message]);
      return;
    }
    for (const { message } of decided) message.reject(error);
    if (!stopped && !isTriplineError(error, 'event-too-large')) deps.onFatal(reasonOf(error));
  };

  const take = async (messages: readonly Message[]): Promise<void> => {
    const turn = createTurn(chance.newId);
    const decided = decide(messages, turn);
    try {
      await append(turn);
      keep(turn);
      for (const { message, facts, state } of decided) message.resolve({ facts, state, position });
    } catch (error) {
      await failed(decided, error);
    }
  };

  const run = async (): Promise<void> => {
    while (mailbox.length > 0 && !stopped) {
      const count = turnOf(mailbox);
      const messages = mailbox.slice(0, count);
      mailbox = mailbox.slice(count);
      await take(messages);
    }
    busy = undefined;
  };

  /** Not within the call: all that is asked for at once is one turn. */
  const begin = (): void => {
    if (busy !== undefined || revision === undefined || mailbox.length === 0) return;
    busy = Promise.resolve().then(run);
  };

  const post = (invocationId: string, request: Request | undefined): Promise<LaneAnswer> =>
    new Promise((resolve, reject) => {
      if (stopped) {
        reject(stopping());
        return;
      }
      mailbox.push({ invocationId, request, resolve, reject });
      begin();
    });

  return {
    ask: (invocationId, command, envelope, payload) =>
      post(invocationId, { command, envelope, payload }),
    settled: (invocationId) => post(invocationId, undefined),
    adopt(invocationId, state) {
      states.set(invocationId, state);
    },
    heard(fact) {
      const { invocationId } = fact.data;
      const before = states.get(invocationId) ?? invocation.initialState;
      states.set(invocationId, invocation.evolve(before, fact));
    },
    open(at) {
      revision = at;
      begin();
    },
    async stop() {
      stopped = true;
      wake();
      await busy;
      for (const { reject } of mailbox.splice(0)) reject(stopping());
    },
    get revision() {
      return revision;
    },
    get size() {
      return states.size;
    },
  };
};
