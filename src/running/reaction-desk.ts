import { arrivalAddress, triggerAddress } from '../actors/addresses.ts';
import { isFact, type Recorded } from '../domain/events.ts';
import { invocationStream } from '../domain/ids.ts';
import type { Logger } from '../domain/logger.ts';
import type { Reaction, Reactor, ReactorViews } from '../routing/reactors/reactor.ts';
import type { EventStore } from '../store/event-store.ts';
import { type Activity, createActivity } from './activity.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Cause, CommandSender } from './command-sender.ts';
import type { Dispatcher } from './dispatcher.ts';
import { letExpire } from './expired-payloads.ts';
import { createRepetitions } from './repetitions.ts';
import type { OpenParts } from './replays/open-parts.ts';
import type { SetAside } from './set-aside.ts';

export interface ReactionDeskDeps {
  readonly reactors: readonly Reactor[];
  readonly views: ReactorViews;
  readonly dispatcher: Dispatcher;
  readonly openParts: OpenParts;
  readonly sender: CommandSender;
  readonly store: Pick<EventStore, 'readStream' | 'readAll' | 'forgetPayloads'>;
  readonly checkpoints: Checkpoints;
  readonly activity: Activity;
  readonly log: Logger;
  readonly setAside: SetAside;
  /** Reactions that may be under way at once. */
  readonly window: number;
}

export interface ReactionDesk {
  /** What the reactors make of an event, given the views as of it; one that throws makes nothing of it. */
  reactionsTo(event: Recorded): readonly Reaction[];
  /** Carries a reaction out, in the background. */
  perform(reaction: Reaction, event: Recorded): void;
  readonly crowded: boolean;
  /** Resolves when it is not crowded any more. */
  room(): Promise<void>;
}

type Repeat = Extract<Reaction, { readonly type: 'repeat' }>;
type Repeated = NonNullable<Repeat['original']>;
type React = (event: Recorded, views: ReactorViews) => readonly Reaction[];
type Handler = (event: Recorded) => readonly Reaction[];

const none: readonly Reaction[] = [];

export const createReactionDesk = (deps: ReactionDeskDeps): ReactionDesk => {
  const { views, dispatcher, sender, store, checkpoints, activity, log, setAside } = deps;
  const underWay = createActivity();
  const repetitions = createRepetitions(deps);
  const handlers = new Map<string, readonly Handler[]>();
  for (const { name, on } of deps.reactors) {
    // Each handler was checked against its own fact where it was written; here it is found by type.
    for (const [type, react] of Object.entries(on) as [string, React][]) {
      const handler: Handler = (event) =>
        setAside.unlessItThrows(name, event, () => react(event, views)) ?? none;
      handlers.set(type, [...(handlers.get(type) ?? []), handler]);
    }
  }

  /** An earlier release recorded only that it was wanted; the rest is in the first one's stream. */
  const originalOf = async (invocationId: string): Promise<Repeated> => {
    const stream = invocationStream(invocationId);
    const [first] = await store.readStream(stream, { maxCount: 1 });
    if (first !== undefined && isFact(first, 'InvocationQueued'))
      return { ...first.data, correlationId: first.metadata.$correlationId };
    throw new TypeError(`${stream} begins with something else`);
  };

  const repeat = async (reaction: Repeat, cause: Cause) => {
    const { repeats } = reaction;
    const original =
      reaction.original ?? (await sender.keepTrying(repeats, () => originalOf(repeats)));
    return original && repetitions(reaction, original, cause);
  };

  const carryOut = (reaction: Reaction, cause: Cause): Promise<unknown> => {
    switch (reaction.type) {
      case 'queue':
        return dispatcher.queue(reaction.command, cause);
      case 'repeat':
        return repeat(reaction, cause);
      case 'cancel': {
        const { type: _, invocationId, ...rest } = reaction;
        const command = { type: 'CancelInvocation', ...rest } as const;
        return sender.toInvocation(invocationId, command, 'system:dispatcher', cause);
      }
      case 'withhold': {
        const { arrivalId, command } = reaction;
        return sender.send(arrivalAddress(arrivalId), command, 'system:router', cause);
      }
      case 'forget':
        return sender.keepTrying('forgetting', () => store.forgetPayloads(reaction.places));
      case 'expire':
        return sender.keepTrying('expiring', () => letExpire(store, reaction.expired));
      case 'suspend': {
        const { triggerId, invocationId, reason } = reaction;
        const command = { type: 'SuspendTrigger', reason, invocationId } as const;
        return dispatcher.suspend(triggerId, () =>
          sender.send(triggerAddress(triggerId), command, 'system:dispatcher', cause),
        );
      }
    }
  };

  return {
    reactionsTo(event) {
      const found = handlers.get(event.type);
      if (found === undefined) return none;
      if (found.length === 1) return found[0]?.(event) ?? none;
      return found.flatMap((handler) => handler(event));
    },
    perform(reaction, event) {
      const { workspace, $correlationId: correlationId } = event.metadata;
      const generation = checkpoints.begin();
      underWay.begin();
      activity.begin();
      const done = (): void => {
        // What was only given up must be done again after the next start.
        if (!sender.stopped) checkpoints.end(generation);
        underWay.end();
        activity.end();
      };
      carryOut(reaction, { workspace, correlationId, causationId: event.id }).then(
        done,
        (error) => {
          log.error({ err: error, reaction: reaction.type }, 'reaction failed');
          done();
        },
      );
    },
    get crowded() {
      return underWay.count > deps.window;
    },
    room: () => underWay.downTo(deps.window >> 1),
  };
};
