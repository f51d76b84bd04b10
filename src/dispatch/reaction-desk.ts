import { arrivalAddress, invocationAddress, triggerAddress } from '../actors/addresses.ts';
import { isFact, type Recorded } from '../domain/events.ts';
import { invocationStream } from '../domain/ids.ts';
import type { QueueInvocation } from '../domain/invocation/commands.ts';
import type { Logger } from '../domain/logger.ts';
import type { Reaction, Reactor, ReactorViews } from '../reactors/reactor.ts';
import type { EventStore } from '../store/event-store.ts';
import { type Activity, createActivity } from './activity.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Cause, CommandSender } from './command-sender.ts';
import type { Dispatcher } from './dispatcher.ts';
import { patienceOf } from './invocation-terms.ts';
import { functionFor } from './registry-index.ts';

export interface ReactionDeskDeps {
  readonly reactors: readonly Reactor[];
  readonly views: ReactorViews;
  readonly dispatcher: Dispatcher;
  readonly sender: CommandSender;
  readonly store: Pick<EventStore, 'readStream'>;
  readonly checkpoints: Checkpoints;
  readonly activity: Activity;
  readonly log: Logger;
  /** Reactions that may be under way at once. */
  readonly window: number;
}

export interface ReactionDesk {
  /** What the reactors make of an event, given the views as of it. */
  reactionsTo(event: Recorded): readonly Reaction[];
  /** Carries a reaction out, in the background. */
  perform(reaction: Reaction, event: Recorded): void;
  readonly crowded: boolean;
  /** Resolves when it is not crowded any more. */
  room(): Promise<void>;
}

type Handler = (event: Recorded, views: ReactorViews) => readonly Reaction[];

const none: readonly Reaction[] = [];

export const createReactionDesk = (deps: ReactionDeskDeps): ReactionDesk => {
  const { views, dispatcher, sender, store, checkpoints, activity, log } = deps;
  const underWay = createActivity();
  const handlers = new Map<string, readonly Handler[]>();
  for (const { on } of deps.reactors) {
    // Each handler was checked against its own fact where it was written; here it is found by type.
    for (const [type, handler] of Object.entries(on) as [string, Handler][]) {
      handlers.set(type, [...(handlers.get(type) ?? []), handler]);
    }
  }

  const repetition = async (invocationId: string, repeats: string) => {
    const stream = invocationStream(repeats);
    const [first] = await store.readStream(stream, { maxCount: 1 });
    if (first === undefined || !isFact(first, 'InvocationQueued')) {
      throw new TypeError(`${stream} begins with something else`);
    }
    const trigger = views.registry.triggerById(first.data.triggerId);
    const { workspace } = first.metadata;
    const { functionId } = first.data;
    const command: QueueInvocation = {
      ...first.data,
      ...(trigger && patienceOf(trigger, functionFor(views.registry, { workspace, functionId }))),
      type: 'QueueInvocation',
      invocationId,
      retryOf: repeats,
      start: null,
    };
    return { command, correlationId: first.metadata.$correlationId };
  };

  const repeat = async (invocationId: string, repeats: string, cause: Cause) => {
    const found = await sender.keepTrying(repeats, () => repetition(invocationId, repeats));
    if (found === undefined) return undefined;
    return dispatcher.queue(found.command, { ...cause, correlationId: found.correlationId });
  };

  const carryOut = (reaction: Reaction, cause: Cause): Promise<unknown> => {
    switch (reaction.type) {
      case 'queue':
        return dispatcher.queue(reaction.command, cause);
      case 'repeat':
        return repeat(reaction.invocationId, reaction.repeats, cause);
      case 'cancel': {
        const { invocationId, reason } = reaction;
        const command = { type: 'CancelInvocation', reason } as const;
        return sender.send(invocationAddress(invocationId), command, 'system:dispatcher', cause);
      }
      case 'withhold': {
        const { arrivalId, command } = reaction;
        return sender.send(arrivalAddress(arrivalId), command, 'system:router', cause);
      }
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
      if (found.length === 1) return found[0]?.(event, views) ?? none;
      return found.flatMap((handler) => handler(event, views));
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
