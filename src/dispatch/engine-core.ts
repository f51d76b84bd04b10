import { isKnown, type Recorded } from '../domain/events.ts';
import { beginning, type Position } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import { reactors } from '../reactors/index.ts';
import { follow } from '../subscriptions/follow.ts';
import { createHotViews, type Snapshot } from '../subscriptions/hot-views.ts';
import { createActivity } from './activity.ts';
import { createArrivalMemory } from './arrival-memory.ts';
import { createAttemptCommands } from './attempt-commands.ts';
import { createAttemptRunner } from './attempt-runner.ts';
import { createCallPlanner } from './call-plan.ts';
import { createCheckpoints } from './checkpoints.ts';
import { createCommandSender } from './command-sender.ts';
import { createDispatcher } from './dispatcher.ts';
import type { EngineDeps, EngineLimits } from './engine-deps.ts';
import { feed } from './feed.ts';
import { createOpenInvocations } from './open-invocations.ts';
import { createOwedReactions } from './owed-reactions.ts';
import { createReactionDesk } from './reaction-desk.ts';
import type { MaintainedIndex } from './registry-index.ts';
import { createScheduler } from './scheduler.ts';
import { createTickRecords } from './tick-records.ts';
import { within } from './within.ts';

export interface CoreDeps extends EngineDeps {
  readonly registry: MaintainedIndex;
  readonly snapshot: Snapshot | undefined;
  readonly passed: (position: Position) => void;
}

/** Outcomes of calls cut short are given this long to get into the log. */
const recordingMs = 5_000;

/** The engine between start and stop, all its parts put together. */
export const createEngineCore = (deps: CoreDeps, limits: EngineLimits) => {
  const { store, actors, views, clock, random, log, registry, snapshot, ownerId } = deps;
  const openInvocations = createOpenInvocations();
  let live = false;
  const hot = createHotViews({
    snapshot,
    log,
    onRegistry: (_, before, after) => registry.changed(before, after),
    onQueue: (_, before, after) => openInvocations.changed(before, after),
    onSchedule: (triggerId) => {
      if (live) scheduler.changed(triggerId);
    },
  });
  for (const entry of hot.registry.values()) registry.changed(undefined, entry);
  for (const entry of hot.queue.values()) openInvocations.changed(undefined, entry);

  const activity = createActivity();
  const arrivals = createArrivalMemory(store);
  const sender = createCommandSender({ actors, clock, random, log, onFatal: deps.onFatal });
  const planCall = createCallPlanner({
    registry,
    arrivals,
    arrivalIdOf: (invocationId) => hot.queue.get(invocationId)?.arrivalId,
    sealing: deps.sealing,
    clock,
  });
  const attempts = createAttemptRunner({
    planCall,
    target: deps.target,
    sender,
    activity,
    clock,
    random,
    log,
  });
  const dispatcher = createDispatcher({
    ownerId,
    exclusive: store.exclusive,
    registry,
    commands: createAttemptCommands({
      ownerId,
      queue: hot.queue,
      sender,
      clock,
      random,
      leaseMarginMs: limits.leaseMarginMs,
    }),
    sender,
    attempts,
    activity,
    clock,
    runningLimit: limits.running,
  });
  const checkpoints = createCheckpoints({
    hot,
    views,
    clock,
    log,
    everyEvents: limits.checkpointEvents,
    everyMs: limits.checkpointMs,
  });
  const desk = createReactionDesk({
    reactors,
    views: { registry, queue: hot.queue, openOf: openInvocations.of },
    dispatcher,
    sender,
    store,
    checkpoints,
    activity,
    log,
    window: limits.reactions,
  });
  const scheduler = createScheduler({
    schedules: hot.schedules,
    registry,
    openOf: dispatcher.openOf,
    records: createTickRecords(sender),
    activity,
    clock,
    log,
    exclusive: store.exclusive,
  });
  const owed = createOwedReactions();
  const counts: Record<string, number> = {};
  const one: StoredEvent[] = [];

  const act = (event: Recorded): void => {
    counts[event.type] = (counts[event.type] ?? 0) + 1;
    const reactions = desk.reactionsTo(event);
    if (event.type === 'EventArrived') {
      const queued = reactions.filter((reaction) => reaction.type === 'queue');
      for (const { command } of queued) dispatcher.backlog.arrived(command.triggerId);
      if (queued.length > 0) arrivals.keep(event, queued.length);
    }
    // First the reactions: what they hold back must not start when a slot becomes free.
    for (const reaction of reactions) desk.perform(reaction, event);
    feed(dispatcher, event);
  };

  /** To be told before the views are: an invocation that ends unstarted asks for no arrival. */
  const letGo = ({ type, data }: Recorded): void => {
    if (type !== 'InvocationCancelled' && type !== 'InvocationDeadLettered') return;
    if (data.attempt > 0) return;
    const entry = hot.queue.get(data.invocationId);
    if (entry !== undefined) arrivals.take(entry.arrivalId);
  };

  const catchUp = (event: Recorded): void => {
    owed.settle(event);
    for (const reaction of desk.reactionsTo(event)) owed.add(reaction, event);
  };

  const take = (event: StoredEvent): void => {
    const known = isKnown(event);
    if (known && live) letGo(event);
    one[0] = event;
    hot.apply(one);
    if (known) {
      if (live) act(event);
      else catchUp(event);
    }
    checkpoints.handled();
    deps.passed(event.position);
  };

  const takeFrom = (events: readonly StoredEvent[], first: number): void | Promise<void> => {
    for (let at = first; at < events.length; at += 1) {
      take(events[at] as StoredEvent);
      if (desk.crowded) return desk.room().then(() => takeFrom(events, at + 1));
    }
  };

  const goLive = (): void => {
    live = true;
    deps.passed(hot.position);
    dispatcher.restore(hot.queue.values());
    for (const { reaction, event } of owed.takeAll()) desk.perform(reaction, event);
    checkpoints.start();
    scheduler.start();
  };

  let following: ReturnType<typeof follow> | undefined;

  return {
    hot,
    backlog: dispatcher.backlog,
    start: () =>
      new Promise<void>((resolve, reject) => {
        following = follow(store, {
          from: snapshot?.position ?? beginning,
          onEvents: (events) => takeFrom(events, 0),
          onCaughtUp: () => {
            if (!live) goLive();
            resolve();
          },
          onFailed: (error) => {
            reject(error);
            deps.onFatal(error);
          },
          log,
          random,
          clock,
        });
      }),
    async stop(graceMs: number): Promise<void> {
      scheduler.stop();
      dispatcher.close();
      await within(clock, graceMs, activity.downTo(0));
      attempts.interrupt();
      await within(clock, recordingMs, activity.downTo(0));
      sender.stop();
      await following?.stop();
      await checkpoints.stop();
    },
    stats: () => ({
      ...Object.fromEntries(Object.entries(counts).map(([type, n]) => [`facts.${type}`, n])),
      running: dispatcher.running,
      open: dispatcher.open,
      due: dispatcher.due,
      scheduled: scheduler.planned,
      underWay: activity.count,
      refused: sender.refused,
      skipped: hot.skipped,
      poisoned: hot.poisoned,
    }),
  };
};

export type EngineCore = ReturnType<typeof createEngineCore>;
