import { isKnown as isFact } from '../../src/domain/events.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';

export interface Circumstances {
  readonly nodes: number;
  /** How often a process was started again. */
  readonly restarts: number;
  readonly log: readonly StoredEvent[];
}

interface Known {
  readonly sentence: RegExp;
  readonly when: (circumstances: Circumstances, named: readonly string[]) => boolean;
  readonly why: string;
}

const several = ({ nodes }: Circumstances): boolean => nodes > 1;

const queuedAt = (log: readonly StoredEvent[], invocationId: string | undefined): number =>
  log.findIndex(
    (fact) =>
      isFact(fact) && fact.type === 'InvocationQueued' && fact.data.invocationId === invocationId,
  );

/** What is known not to hold yet, and where: seen, counted, and no reason to fail. */
const known: readonly Known[] = [
  {
    sentence: /started before its turn|was overtaken before it was queued/,
    when: several,
    why: 'several processes do not wait for each other yet',
  },
  {
    sentence: /(\S+) started before its turn: (\S+) of/,
    when: ({ log, restarts }, [started, before]) =>
      restarts > 0 && queuedAt(log, started) < queuedAt(log, before),
    why: 'a restart takes invocations up as they were queued, not as their events arrived',
  },
  {
    sentence: /was overtaken before it was queued/,
    when: ({ restarts }) => restarts > 0,
    why: 'a restart takes invocations up as they were queued, not as their events arrived',
  },
  {
    sentence:
      /^Name(Released|Claimed) at .* which \S+ bears$| is called \[.*\], (as \S+ is|which \S+ holds)$/,
    when: several,
    why: 'a claim is not fenced: who is refused or late may give back or bear what others bear',
  },
  {
    sentence: /is missed, but has ended before$|has fired and is missed$/,
    when: several,
    why: 'several processes tell of missed ticks in streams of different names',
  },
];

export const isKnown = (sentence: string, circumstances: Circumstances): boolean =>
  known.some((one) => {
    const found = one.sentence.exec(sentence);
    return found !== null && one.when(circumstances, found.slice(1));
  });
