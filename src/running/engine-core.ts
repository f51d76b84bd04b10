import type { OutcomeUnknown } from '../actors/outcome-unknown.ts';
import { isTriplineError, TriplineError } from '../domain/errors.ts';
import { laneStream } from '../domain/ids.ts';
import { beginning, latest, type Position } from '../domain/position.ts';
import { follow } from '../log/follow.ts';
import { nothingAtHand } from '../log/payloads-at-hand.ts';
import { capacityOf } from '../routing/invocation-terms.ts';
import { createOpenInvocations } from '../routing/open-invocations.ts';
import { reactors } from '../routing/reactors/index.ts';
import type { MaintainedIndex } from '../routing/registry-index.ts';
import { createHotViews, type Snapshot } from '../views/hot-views.ts';
import { createActivity } from './activity.ts';
import { createArrivalMemory } from './arrival-memory.ts';
import { createAsking } from './asking.ts';
import { createAttemptCommands } from './attempt-commands.ts';
import { createAttemptRunner } from './attempt-runner.ts';
import { createBodies } from './bodies.ts';
import { createBodiesKept } from './bodies-kept.ts';
import { createCallPlanner } from './call-plan.ts';
import { createCheckpoints } from './checkpoints.ts';
import { createCommandSender } from './command-sender.ts';
import { createDispatcher } from './dispatcher.ts';
import { createDoor } from './door.ts';
import type { EngineDeps, EngineLimits } from './engine-deps.ts';
import { createLane } from './lane.ts';
import { createLeftOut } from './left-out.ts';
import { createLogFeed } from './log-feed.ts';
import { createReactionDesk } from './reaction-desk.ts';
import { createOpenParts } from './replays/open-parts.ts';
import { createReplays } from './replays/replays.ts';
import { restoredState } from './restored-state.ts';
import { createRetention } from './retention.ts';
import { createScheduler } from './scheduler.ts';
import { createSetAside } from './set-aside.ts';
import { createTenure } from './tenure.ts';
import { createTickRecords } from './tick-records.ts';
import { createTriggerVersions } from './trigger-versions.ts';
import { within } from './within.ts';

export interface CoreDeps extends EngineDeps {
  readonly registry: MaintainedIndex;
  readonly snapshot: Snapshot | undefined;
  readonly passed: (position: Position) => void;
  /** Resolves when it has passed there. */
  readonly reached: (position: Position) => Promise<void>;
}

const isStored = (): boolean => true;
/** Only a conflict says so. */
const isStoredNot = (error: unknown): boolean => {
  if (isTriplineError(error, 'wrong-expected-revision')) return false;
  throw error;
};

/** Outcomes of calls cut short are given this long to get into the log. */
const recordingMs = 3_000;

/**
 * Where others write too, what they registered is known up to the owner's last sign, and the lane is
 * its own for so long after it: less than the silence after which another one takes it.
 */
const decidingMs = 3_000;
const startingMs = 6_000;

/** The engine between start and stop, all its parts put together. */
export const createEngineCore = (deps: CoreDeps, limits: EngineLimits) => {
  const { store, actors, views, clock, chance, log, registry, snapshot, ownerId } = deps;
  const { random } = chance;
  const openInvocations = createOpenInvocations();
  const hot = createHotViews({
    snapshot,
    log,
    onRegistry: (_, before, after) => {
      registry.changed(before, after);
      const { startFrom } = before?.entity === 'trigger' ? before : {};
      if (logFeed.acts && after === undefined && startFrom !== undefined)
        replays.changed(startFrom.replayId);
    },
    onQueue: (_, before, after) => {
      openInvocations.changed(before, after);
      if (logFeed.acts) replays.queueChanged(before, after);
    },
    onReplay: (replayId) => {
      if (logFeed.acts) replays.changed(replayId);
    },
    onSchedule: (triggerId) => {
      if (logFeed.acts) scheduler.changed(triggerId);
    },
  });
  for (const entry of hot.registry.values()) registry.changed(undefined, entry);
  for (const entry of hot.queue.values()) openInvocations.changed(undefined, entry);

  const setAside = createSetAside(log);
  const leftOut = createLeftOut(log);
  const activity = createActivity();
  const { atHand = nothingAtHand } = deps;
  const bodies = createBodies({ store, atHand, registry });
  const arrivals = createArrivalMemory(store, bodies);
  const lane = createLane({
    store,
    stream: laneStream(0),
    clock,
    chance: deps.chance,
    log,
    onFatal: deps.onFatal,
  });
  const sender = createCommandSender({ actors, lane, clock, random, log, onFatal: deps.onFatal });
  const planCall = createCallPlanner({
    registry,
    kinds: deps.kinds,
    triggerAsOf: createTriggerVersions({ store, registry }),
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
    chance,
    log,
    answersBeside: deps.answersBeside ?? false,
  });
  const dispatcher = createDispatcher({
    ownerId,
    exclusive: store.exclusive,
    registry,
    commands: createAttemptCommands({
      ownerId,
      registry,
      queue: hot.queue,
      sender,
      clock,
      chance,
      leaseMarginMs: limits.leaseMarginMs,
    }),
    sender,
    attempts,
    activity,
    clock,
    runningLimit: limits.running,
    isReplayOpen: (replayId) => hot.openReplays.get(replayId) !== undefined,
    mayStart: () => tenure.wasMineWithin(startingMs),
  });
  const checkpoints = createCheckpoints({
    hot,
    views,
    clock,
    log,
    everyEvents: limits.checkpointEvents,
    everyMs: limits.checkpointMs,
  });
  const openParts = createOpenParts();
  const desk = createReactionDesk({
    reactors,
    openParts,
    views: {
      ...{ registry, queue: hot.queue, openReplays: hot.openReplays },
      openOf: openInvocations.of,
      bodyOf: bodies.atHand,
    },
    dispatcher,
    sender,
    store,
    checkpoints,
    activity,
    log,
    setAside,
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
  const replays = createReplays({
    ...{ store, views, registry, arrivals, dispatcher, openParts, sender, clock, log },
    ...{ kinds: deps.kinds, sealing: deps.sealing, pageSize: limits.replayPage },
    open: hot.openReplays,
    queue: hot.queue,
    recorded: async () => {
      const [asked] = await Promise.all([asking.recorded(), actors.settled()]);
      return latest(hot.position, asked, actors.acknowledged);
    },
    reached: deps.reached,
  });
  const retention = createRetention({
    ...{ store, actors, sender, clock, activity, log },
    open: () => hot.queue.values(),
    days: deps.payloadDays,
  });
  const tenure = createTenure({
    store,
    stream: laneStream(0),
    ownerId,
    clock,
    newId: chance.newId,
    log,
    position: () => hot.position,
    onTaken: (revision) => goLive(revision),
    onLost: () =>
      deps.onFatal(new TriplineError('store-unavailable', "the lane is another instance's now")),
  });
  const asking = createAsking({
    store,
    lane,
    isOwner: () => logFeed.acts,
    isOpen: (invocationId) => hot.queue.get(invocationId) !== undefined,
    clock,
    newId: chance.newId,
  });
  const door = createDoor({
    isOpen: () => logFeed.acts && !sender.stopped && tenure.wasMineWithin(decidingMs),
    position: () => hot.position,
    turns: actors.registry,
    registry,
    dispatcher,
  });
  const logFeed = createLogFeed({
    ...{ hot, bodies, desk, dispatcher, lane, asking, tenure, checkpoints, sender, setAside },
    kept: createBodiesKept({ ownerId, arrivals, attempts, queue: hot.queue }),
    passed: deps.passed,
  });

  /** What another instance runs has no ticket here; the queue has it, as far as the log was read. */
  const isFullElsewhere = (triggerId: string): boolean => {
    const trigger = logFeed.acts ? undefined : registry.triggerById(triggerId);
    if (trigger === undefined) return false;
    const waiting = openInvocations.of(triggerId).filter((invocationId) => {
      const { attempt, replayId } = hot.queue.get(invocationId) ?? {};
      return attempt === 0 && replayId === undefined;
    });
    return waiting.length >= capacityOf(trigger);
  };

  const goLive = (journalEnd: number | 'no_stream'): void => {
    logFeed.act();
    for (const entry of hot.queue.values()) lane.adopt(entry.invocationId, restoredState(entry));
    lane.open(journalEnd);
    dispatcher.restore(hot.queue.values());
    logFeed.catchUp();
    checkpoints.start();
    scheduler.start();
    retention.start();
    replays.start();
  };

  let following: ReturnType<typeof follow> | undefined;

  return {
    hot,
    backlog: {
      reserve: (triggerId: string) =>
        isFullElsewhere(triggerId) ? undefined : dispatcher.backlog.reserve(triggerId),
      sizeOf: dispatcher.backlog.sizeOf,
    },
    asking,
    decide: door.decide,
    untilKnown: ({ again }: OutcomeUnknown) =>
      sender.keepTrying('an arrival', () => again().then(isStored, isStoredNot)),
    async start(): Promise<void> {
      await new Promise<void>((resolve, reject) => {
        following = follow(store, {
          from: snapshot?.position ?? beginning,
          onEvents: logFeed.take,
          onLeftOut: leftOut.add,
          onCaughtUp: () => {
            deps.passed(hot.position);
            if (logFeed.acts) return;
            try {
              deps.mayBegin?.(hot.registry.values());
              tenure.caughtUp().then(resolve, reject);
            } catch (error) {
              reject(error);
            }
          },
          onFailed: (error) => {
            reject(error);
            deps.onFatal(error);
          },
          log,
          random,
          clock,
        });
      });
    },
    async rest(graceMs: number): Promise<void> {
      scheduler.stop();
      retention.stop();
      const replaysOver = replays.stop();
      dispatcher.close();
      await within(clock, graceMs, Promise.all([activity.downTo(0), replaysOver]));
      attempts.interrupt();
      await within(clock, recordingMs, activity.downTo(0));
    },
    async stop(): Promise<void> {
      sender.stop();
      await lane.stop();
      await tenure.release(lane.revision);
      await following?.stop();
      await checkpoints.stop(logFeed.owesNothing());
    },
    stats: () => ({
      ...Object.fromEntries(
        Object.entries(logFeed.counts).map(([type, n]) => [`facts.${type}`, n]),
      ),
      running: dispatcher.running,
      open: dispatcher.open,
      due: dispatcher.due,
      scheduled: scheduler.planned,
      replays: replays.running,
      underWay: activity.count,
      arrivalsKept: arrivals.size,
      calls: attempts.running,
      backlogs: dispatcher.backlog.size,
      rememberedTicks: scheduler.remembered,
      refused: sender.refused,
      skipped: hot.skipped,
      poisoned: hot.poisoned,
      setAside: setAside.count,
      leftOut: leftOut.count,
    }),
  };
};

export type EngineCore = ReturnType<typeof createEngineCore>;
