import { expect } from 'vitest';
import { Crash, type Fault } from './faults.ts';
import { appendsOf, type Step, type Wish } from './history.ts';
import { openLogUnderTest } from './log-under-test.ts';
import { type Append, createNaiveLog } from './naive-log.ts';

/** A log, and beside it a plain list of all events, which is always right. */
export const createPair = (dataDir: string, onStruck: (fault: Fault) => void) => {
  const naive = createNaiveLog();
  const lastAppends = new Map<string, Append>();
  /** Over restarts too. */
  const armed = new Set<Fault>();
  let directory = dataDir;
  let real = openLogUnderTest(directory, armed, onStruck);
  let turn = 0;

  const reopen = (): void => {
    real.db.close();
    real = openLogUnderTest(directory, armed, onStruck);
  };
  /** A few of long ago, others each time, beside those it is about. */
  const lookAtSome = (own: readonly string[]): void => {
    const names = naive.names();
    const others = [1, 2, 3].map((step) => names[(turn * 7 + step * 31) % names.length]);
    turn += 1;
    real.lookAt([...own, ...others.filter((name) => name !== undefined)]);
    real.mustAgree('between two groups');
  };
  /** A group that was cut off is there as a whole or not at all. */
  const afterCrash = (crash: Crash, appends: readonly Append[]): void => {
    const onlyOutcomes = real.ballast.spent;
    directory = crash.dataDir;
    reopen();
    if (real.log.head === naive.events.length) return;
    naive.takeGroup(appends, (stream) => onlyOutcomes && !stream.startsWith('lane-'));
  };
  const commit = (appends: readonly Append[]): void => {
    try {
      const results = real.commit(appends);
      expect(results).toEqual(naive.takeGroup(appends, naive.refusals(results)));
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      afterCrash(error, appends);
    }
    real.mustAgree('after a group');
  };
  const takeGroup = (wishes: readonly Wish[]): void => {
    const appends = appendsOf(wishes, naive, lastAppends);
    lookAtSome(appends.map(({ stream }) => stream));
    commit(appends);
    for (const append of appends) {
      const first = naive.of(append.stream).findIndex(({ id }) => id === append.ids[0]);
      if (first !== -1) lastAppends.set(append.stream, { ...append, expected: first - 1 });
    }
  };
  const stayIdle = (commits: number): void => {
    lookAtSome([]);
    for (let count = 0; count < commits; count += 1) commit([]);
  };
  const remove = (which: number): void => {
    const names = naive.names();
    const stream = names[which % names.length];
    if (stream === undefined) return;
    real.remove(stream);
    naive.deleted.add(stream);
  };

  return {
    take: (step: Step): void => {
      if (step.kind === 'group') takeGroup(step.wishes);
      else if (step.kind === 'idle') stayIdle(step.commits);
      else if (step.kind === 'fault') armed.add(step.fault);
      else if (step.kind === 'delete') remove(step.which);
      else if (step.kind === 'room') real.ballast.spent = false;
      else reopen();
      expect(real.group.head).toBe(naive.events.length);
    },
    compareAll: (): void => {
      expect(real.events()).toEqual(naive.events);
      real.log.rows.walk(1, real.group.head, () => undefined);
      real.lookAt(naive.names());
      real.mustAgree('at the end');
      expect(
        naive.names().filter((name) => real.log.settings.of(name).status === 'deleted'),
      ).toEqual(naive.names().filter((name) => naive.deleted.has(name)));
    },
    reopen,
    close: (): void => {
      real.db.close();
    },
  };
};
