import { TriplineError } from '../domain/errors.ts';
import { isKnown, type Recorded } from '../domain/events.ts';
import { isArrival } from '../domain/ids.ts';
import type { InvocationFact } from '../domain/invocation/machine.ts';
import type { Position } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { HotViews } from '../views/hot-views.ts';
import type { Asking } from './asking.ts';
import type { Bodies } from './bodies.ts';
import type { BodiesKept } from './bodies-kept.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { CommandSender } from './command-sender.ts';
import type { Dispatcher } from './dispatcher.ts';
import { feed } from './feed.ts';
import type { Lane } from './lane.ts';
import { createOwedReactions } from './owed-reactions.ts';
import type { ReactionDesk } from './reaction-desk.ts';
import type { SetAside } from './set-aside.ts';
import type { Tenure } from './tenure.ts';

export interface LogFeedDeps {
  readonly hot: Pick<HotViews, 'apply'>;
  readonly bodies: Pick<Bodies, 'missingFor' | 'load' | 'passed'>;
  readonly kept: BodiesKept;
  readonly desk: ReactionDesk;
  readonly dispatcher: Dispatcher;
  readonly lane: Pick<Lane, 'heard'>;
  readonly asking: Pick<Asking, 'heard'>;
  readonly tenure: Pick<Tenure, 'heard'>;
  readonly checkpoints: Pick<Checkpoints, 'handled'>;
  readonly sender: Pick<CommandSender, 'keepTrying'>;
  readonly setAside: SetAside;
  /** All that is recorded up to there has been taken in. */
  readonly passed: (position: Position) => void;
}

/** Facts of one record come one after the other, in one batch. */
const sharesRecord = (event: StoredEvent, next: StoredEvent | undefined): boolean =>
  next !== undefined && next.stream === event.stream && next.revision === event.revision;

/**
 * Takes the log in, fact by fact, and tells each part of the engine. Before the lane is this process's it
 * only remembers what follows from what it reads; from then on it acts.
 */
export const createLogFeed = (deps: LogFeedDeps) => {
  const { bodies, kept, desk, dispatcher, setAside } = deps;
  const owed = createOwedReactions();
  const counts: Record<string, number> = {};
  const one: StoredEvent[] = [];
  let acts = false;

  const act = (event: Recorded): void => {
    counts[event.type] = (counts[event.type] ?? 0) + 1;
    const reactions = desk.reactionsTo(event);
    kept.heard(event, reactions);
    // First the reactions: what they hold back must not start when a slot becomes free.
    for (const reaction of reactions) desk.perform(reaction, event);
    feed(dispatcher, event);
  };

  const placeTaken = ({ data: { acceptedFor } }: Recorded<'EventArrived'>): void => {
    if (acceptedFor !== undefined) dispatcher.backlog.arrived(acceptedFor.triggerId);
  };

  const remember = (event: Recorded): void => {
    owed.settle(event);
    for (const reaction of desk.reactionsTo(event)) owed.add(reaction, event);
  };

  /** What was recorded with an arrival goes on in the lane. */
  const board = ({ stream, type, data }: Recorded): void => {
    if (!isArrival(stream)) return;
    if (type === 'InvocationQueued' || type === 'InvocationStarted')
      deps.lane.heard({ type, data } as InvocationFact);
  };

  const tell = (event: Recorded): void => {
    if (event.type === 'EventArrived') placeTaken(event);
    if (acts) {
      board(event);
      act(event);
    } else remember(event);
    deps.asking.heard(event);
  };

  const takeOne = (event: StoredEvent): void => {
    const known = isKnown(event);
    if (known && acts) setAside.unlessItThrows('queue', event, () => kept.letGo(event));
    one[0] = event;
    deps.hot.apply(one);
    if (known) setAside.unlessItThrows('dispatch', event, () => tell(event));
    deps.tenure.heard(event);
  };

  /** What the lane's owner is to do is in this process's hands, or done. */
  const owesNothing = (): boolean => acts || owed.size === 0;

  /** What its body says decides how an arrival is queued, so nothing goes on without it. */
  const readFirst = async (arrival: Recorded<'EventArrived'>): Promise<void> => {
    const load = async () => {
      await bodies.load(arrival);
      return true;
    };
    if (await deps.sender.keepTrying('a body', load)) return;
    throw new TriplineError('shutting-down', 'the body of an arrival could not be read');
  };

  const takeFrom = (events: readonly StoredEvent[], first: number): void | Promise<void> => {
    for (let at = first; at < events.length; at += 1) {
      const event = events[at] as StoredEvent;
      const missing = bodies.missingFor(event);
      if (missing !== undefined) return readFirst(missing).then(() => takeFrom(events, at));
      takeOne(event);
      // What is saved or said to be reached lies between records, never within one.
      if (sharesRecord(event, events[at + 1])) continue;
      dispatcher.recordEnds();
      bodies.passed(event);
      deps.checkpoints.handled(owesNothing());
      deps.passed(event.position);
      if (desk.crowded) return desk.room().then(() => takeFrom(events, at + 1));
    }
  };

  return {
    /** Whole records, in the order of the log; the next ones once the promise has resolved. */
    take: (events: readonly StoredEvent[]) => takeFrom(events, 0),
    /** From now on it acts. */
    act(): void {
      acts = true;
    },
    /** Acts upon what it remembers, in the order of the log. */
    catchUp(): void {
      for (const { reaction, event } of owed.takeAll()) desk.perform(reaction, event);
    },
    owesNothing,
    get acts() {
      return acts;
    },
    /** Facts acted upon, by type. */
    counts,
  };
};
