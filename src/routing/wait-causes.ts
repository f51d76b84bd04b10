import type { Own } from './own-waits.ts';
import type { Neighbour, Terms, Wait, Waiting } from './wait.ts';

const mostBehind = 20;

const unlimited: Omit<Terms, 'at'> = {
  held: null,
  triggerLimit: Number.POSITIVE_INFINITY,
  functionLimit: Number.POSITIVE_INFINITY,
};

type Cause = Pick<Wait, 'for' | 'behind'>;

interface Change {
  readonly at: number;
  readonly other?: Neighbour;
  readonly runs?: boolean;
}

/** Everything that changes what keeps others from starting, in the order of time. */
const changesOf = (neighbours: readonly Neighbour[], terms: readonly Terms[]): Change[] =>
  [
    ...terms.map(({ at }) => ({ at })),
    ...neighbours.flatMap((other) => [
      { at: other.endedAt },
      ...other.runs.flatMap(({ from, to }) => [
        { at: from, other, runs: true },
        { at: to, other, runs: false },
      ]),
    ]),
  ].sort((one, another) => one.at - another.at);

/** First what would keep it in any case. Instants are asked about in order, and changes told before. */
const createStanding = (
  { triggerId, orderingKey, position }: Waiting,
  neighbours: readonly Neighbour[],
  terms: readonly Terms[],
) => {
  const ofFunction = new Set<string>();
  const ofTrigger = new Set<string>();
  const ahead = neighbours.filter(
    (other) =>
      orderingKey !== null &&
      other.triggerId === triggerId &&
      other.orderingKey === orderingKey &&
      other.position < position,
  );
  let passed = 0;
  const holderAt = (instant: number): Neighbour | undefined => {
    while ((ahead[passed]?.endedAt ?? Number.POSITIVE_INFINITY) <= instant) passed += 1;
    return ahead[passed];
  };
  const behind = (ids: ReadonlySet<string>) => [...ids].slice(0, mostBehind);

  return {
    tell: ({ other, runs }: Change): void => {
      if (other === undefined) return;
      const { invocationId } = other;
      for (const ids of other.triggerId === triggerId ? [ofFunction, ofTrigger] : [ofFunction])
        if (runs) ids.add(invocationId);
        else ids.delete(invocationId);
    },
    causeAt: (instant: number): Cause => {
      const term = terms.findLast(({ at }) => at <= instant) ?? unlimited;
      if (term.held) return { for: term.held, behind: [] };
      const holder = holderAt(instant);
      if (holder) return { for: 'ordering-key', behind: [holder.invocationId] };
      if (ofTrigger.size >= term.triggerLimit)
        return { for: 'trigger-slot', behind: behind(ofTrigger) };
      if (ofFunction.size >= term.functionLimit)
        return { for: 'function-slot', behind: behind(ofFunction) };
      return { for: 'turn', behind: [] };
    },
  };
};

/** Whether the second only goes on with what the first was about. */
const isSame = (one: Cause, other: Cause): boolean =>
  one.for === other.for && (one.for !== 'ordering-key' || one.behind[0] === other.behind[0]);

const joined = (one: Wait, { behind, to }: Wait): Wait => ({
  ...one,
  to,
  behind: [...new Set([...one.behind, ...behind])].slice(0, mostBehind),
});

/** Between two instants at which anything changed, everything stood as it did at the first. */
export const causesOf = (
  { attempt, from: since, to: end }: Own,
  waiting: Waiting,
  neighbours: readonly Neighbour[],
  terms: readonly Terms[],
): readonly Wait[] => {
  const near = neighbours.filter(({ endedAt }) => endedAt > since);
  const standing = createStanding(waiting, near, terms);
  const waits: Wait[] = [];
  const changes = changesOf(near, terms).filter(({ at }) => at < end);
  let next = 0;
  for (let from = since; from < end; ) {
    let change = changes[next];
    for (; change !== undefined && change.at <= from; change = changes[next]) {
      standing.tell(change);
      next += 1;
    }
    const to = change?.at ?? end;
    const cause = standing.causeAt(from);
    const wait: Wait = { attempt, from, to, until: null, ...cause };
    const last = waits.at(-1);
    if (last !== undefined && isSame(last, cause)) waits[waits.length - 1] = joined(last, wait);
    else waits.push(wait);
    from = to;
  }
  return waits;
};
