import { createActors } from '../../src/actors/actors.ts';
import { triggerAddress } from '../../src/actors/addresses.ts';
import { systemChance } from '../../src/domain/chance.ts';
import { isoOf } from '../../src/domain/clock.ts';
import { isKnown, type Recorded } from '../../src/domain/events.ts';
import type { TriggerCommand } from '../../src/domain/trigger/commands.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { ScheduleConfig } from '../../src/triggers/schedule-config.ts';
import { createCrashingStore } from './crashing-store.ts';
import { tickIn } from './tick-in.ts';
import { createVirtualClock } from './virtual-clock.ts';
import { createWorld, succeeded, workspace } from './world.ts';

export interface ScheduleWorldOptions {
  readonly start?: string;
  readonly exclusive?: boolean;
  /** The n-th append of the first process is its last, or would have been. */
  readonly crash?: { readonly atAppend: number; readonly moment: 'before' | 'after' };
}

/** Short times of day, so that tests read as timetables; the date where it is not the first. */
export const clockFace = (instant: string): string => instant.slice(11, 19).replace(/:00$/, '');

const counted = (inner: EventStore, exclusive: boolean) => {
  let appends = 0;
  const store: EventStore = {
    ...inner,
    exclusive,
    append: (...parts) => {
      appends += 1;
      return inner.append(...parts);
    },
  };
  return { store, count: () => appends };
};

/** A process that appends in time but hears nothing of the log until it is let hear again. */
const hearing = (inner: EventStore) => {
  let gate: Promise<void> | undefined;
  let open: () => void = () => {};
  const store: EventStore = {
    ...inner,
    exclusive: inner.exclusive,
    subscribeAll: (from, handlers) =>
      inner.subscribeAll(from, {
        ...handlers,
        onEvents: async (events) => {
          await gate;
          await handlers.onEvents(events);
        },
      }),
  };
  return {
    store,
    deafen(): void {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    hear(): void {
      gate = undefined;
      open();
    },
  };
};

/** Whole processes over one log and one clock; what the log then says about planned instants. */
export const createScheduleWorld = (options: ScheduleWorldOptions = {}) => {
  const { start = '2026-01-01T00:00:00.000Z', exclusive = true, crash } = options;
  const clock = createVirtualClock(start);
  const { store, count } = counted(readsFacts(createMemoryStore()), exclusive);
  const people = createActors({
    store: { ...store, exclusive: false },
    chance: systemChance,
  });
  const limits = { checkpointMs: 60_000 };

  const process = () => {
    const first = crash
      ? createCrashingStore(store, crash.atAppend, crash.moment)
      : createCrashingStore(store, Infinity, 'before');
    const ear = hearing(first);
    const world = createWorld({ store: ear.store, clock, limits });
    world.always(succeeded);
    return {
      world,
      crashed: first.crashed,
      deafen: ear.deafen,
      hear: ear.hear,
      up: () => world.engine.start(),
      down: () => world.engine.stop(0),
      /** A new run of it, with the snapshot the last one left. */
      again: () => world.restart(createCrashingStore(store, Infinity, 'before')),
    };
  };

  /** Until nothing more happens by itself. */
  const settle = async (): Promise<void> => {
    let seen = -1;
    for (let still = 0; still < 4; still += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (count() !== seen) still = 0;
      seen = count();
    }
  };

  const command = async (triggerId: string, asked: TriggerCommand): Promise<void> => {
    await people.ask(triggerAddress(triggerId), asked, {
      workspace,
      actor: 'user:test',
      occurredAt: isoOf(clock.now()),
      $correlationId: systemChance.newId(),
    });
    await settle();
  };

  const log = async (): Promise<readonly Recorded[]> =>
    (await store.readAll({ maxCount: 1_000_000 })).filter(isKnown);

  const metadataOf = (config: Record<string, unknown>) =>
    ScheduleConfig.parse(config) as Extract<
      TriggerCommand,
      { type: 'RegisterTrigger' }
    >['triggerMetadata'];

  return {
    clock,
    store,
    process,
    settle,
    command,
    log,
    async trigger(
      config: Record<string, unknown>,
      functionId: string,
      triggerId = systemChance.newId(),
    ) {
      await command(triggerId, {
        type: 'RegisterTrigger',
        triggerId,
        name: triggerId,
        description: null,
        functionId,
        executionType: 'scheduled',
        triggerMetadata: metadataOf(config),
        isSystem: false,
      });
      return triggerId;
    },
    revise: (triggerId: string, config: Record<string, unknown>) =>
      command(triggerId, { type: 'ReviseTrigger', triggerMetadata: metadataOf(config) }),
    pause: (triggerId: string) => command(triggerId, { type: 'PauseTrigger', reason: 'test' }),
    resume: (triggerId: string) => command(triggerId, { type: 'ResumeTrigger' }),
    retire: (triggerId: string) => command(triggerId, { type: 'RetireTrigger' }),
    /** Lets time pass, and everything happen when it is due. */
    async run(ms: number): Promise<void> {
      await settle();
      const until = clock.elapsed() + ms;
      while (clock.elapsed() + clock.untilNext() <= until) {
        clock.toNext();
        await settle();
      }
      clock.advance(until - clock.elapsed());
      await settle();
    },
    /** What became of planned instants, in the order of the log: `<reason> <first>[-<last> x<n>]`. */
    async story(face: (instant: string) => string = clockFace): Promise<readonly string[]> {
      return (await log()).flatMap(({ type, data }) => {
        switch (type) {
          case 'EventArrived': {
            const { scheduledAt, caughtUp } = tickIn(data);
            return [`${caughtUp ? 'caught up' : 'fired'} ${face(scheduledAt)}`];
          }
          case 'TickSkipped':
            return [`${data.reason} ${face(data.scheduledAt)}`];
          case 'TicksMissed': {
            const { reason, first, last, count: times } = data;
            const range = times === 1 ? '' : `-${face(last)} x${times}`;
            return [`${reason} ${face(first)}${range}`];
          }
          default:
            return [];
        }
      });
    },
  };
};

export type ScheduleWorld = ReturnType<typeof createScheduleWorld>;
