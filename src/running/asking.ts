import { type Clock, isoOf } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';
import { facts as definitions, type Envelope, type Recorded } from '../domain/events.ts';
import { askStream } from '../domain/ids.ts';
import type { InvocationCommand } from '../domain/invocation/commands.ts';
import { type InvocationState, invocation } from '../domain/invocation/decider.ts';
import type { Position } from '../domain/position.ts';
import type { EventStore } from '../store/event-store.ts';
import { recordOf } from '../store/record.ts';
import type { Lane } from './lane.ts';

export interface Standing {
  readonly state: InvocationState;
  readonly position: Position | undefined;
}

/** What people ask of invocations, whoever runs their lane. */
export interface Asking {
  /**
   * Through the lane where it is this process's. Else the wish is recorded, and the lane's owner
   * takes it up; where it has not within five seconds, `store-unavailable`: the wish stands.
   */
  ask(invocationId: string, command: InvocationCommand, envelope: Envelope): Promise<Standing>;
  /** Where the invocation stands after everything asked before. */
  settled(invocationId: string): Promise<Standing>;
  /** Up to where the log has all that was asked before, as far as this process records it. */
  recorded(): Promise<Position | undefined>;
  /** To be told every fact, in order. */
  heard(event: Recorded): void;
}

export interface AskingDeps {
  readonly store: Pick<EventStore, 'append'>;
  readonly lane: Lane;
  readonly isOwner: () => boolean;
  readonly isOpen: (invocationId: string) => boolean;
  readonly clock: Clock;
  readonly newId: () => string;
}

const patienceMs = 5_000;

export const createAsking = (deps: AskingDeps): Asking => {
  const { store, lane, isOwner, isOpen, clock, newId } = deps;
  const waiting = new Map<string, Set<(event: Recorded) => void>>();

  /** True where such a fact came in time. */
  const until = (
    invocationId: string,
    isIt: (event: Recorded) => boolean,
  ): Promise<Recorded | undefined> =>
    new Promise((resolve) => {
      const listeners = waiting.get(invocationId) ?? new Set();
      const end = (event: Recorded | undefined): void => {
        cancel();
        listeners.delete(listen);
        if (listeners.size === 0) waiting.delete(invocationId);
        resolve(event);
      };
      const listen = (event: Recorded): void => {
        if (isIt(event)) end(event);
      };
      const cancel = clock.after(patienceMs, () => end(undefined));
      listeners.add(listen);
      waiting.set(invocationId, listeners);
    });

  const standing = (event: Recorded | undefined): Standing => ({
    state: invocation.initialState,
    position: event?.position,
  });

  const askCancel = async (
    invocationId: string,
    reason: string,
    { causationId: _, ...envelope }: Envelope,
  ): Promise<Standing> => {
    if (!isOpen(invocationId)) throw new TriplineError('not-found', 'no such open invocation');
    const fact = { type: 'CancelAsked', data: { invocationId, reason } } as const;
    const { schemaVersion } = definitions.CancelAsked;
    const record = recordOf(newId(), [{ fact, schemaVersion }], {
      ...envelope,
      occurredAt: isoOf(clock.now()),
    });
    const ended = until(invocationId, () => !isOpen(invocationId));
    await store.append(askStream(record.id), 'no_stream', [record]);
    const event = await ended;
    if (event !== undefined) return standing(event);
    const sentence =
      'the instance that runs the invocation has not answered yet; it is to cancel it';
    throw new TriplineError('store-unavailable', sentence);
  };

  return {
    ask(invocationId, command, envelope) {
      if (isOwner()) return lane.ask(invocationId, command, envelope);
      if (command.type === 'CancelInvocation')
        return askCancel(invocationId, command.reason, envelope);
      return Promise.reject(new TypeError(`${command.type} is for the lane's owner`));
    },
    async settled(invocationId) {
      if (isOwner()) return await lane.settled(invocationId);
      if (isOpen(invocationId)) return standing(undefined);
      return standing(await until(invocationId, ({ type }) => type === 'InvocationQueued'));
    },
    recorded: async () => (isOwner() ? (await lane.settled('')).position : undefined),
    heard(event) {
      if (waiting.size === 0 || !('invocationId' in event.data)) return;
      for (const listen of [...(waiting.get(event.data.invocationId) ?? [])]) listen(event);
    },
  };
};
