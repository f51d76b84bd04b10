import type { DataOf, Recorded } from '../domain/events.ts';
import { sameTiming, type Timing, timingOf } from '../domain/trigger/timing.ts';
import type { DefineInvariant, Demand } from './invariant.ts';

/** What is known of one scheduled trigger's instants. */
interface Account {
  timing: Timing;
  /** Counts the plans it has had: where one replaces another, both may have held an instant. */
  plan: number;
  readonly fired: Map<string, number>;
  readonly passed: Map<string, number>;
  readonly noted: Set<string>;
  wantsSkips: boolean;
}

/** Where only what is open is remembered: so many of the latest. */
const mostKept = 1_024;

const isInstant = (text: string): boolean =>
  !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;

const isNote = ({ reason }: DataOf<'TicksMissed'>): boolean => reason.startsWith('DST');

/** Each planned instant of a schedule ends in one record: fired, skipped or missed. */
export const ticks: DefineInvariant = ({ register, remembers }) => {
  const accounts = new Map<string, Account>();

  const keep = <K, V>(known: Map<K, V>, key: K, value: V): void => {
    known.set(key, value);
    if (remembers === 'all' || known.size <= mostKept) return;
    for (const oldest of known.keys()) {
      known.delete(oldest);
      return;
    }
  };

  const plan = ({
    data: { triggerId },
  }: Recorded<'TriggerRegistered' | 'TriggerRevised'>): void => {
    const trigger = register.triggers.get(triggerId);
    if (trigger?.kind !== 'scheduled') return;
    const timing = timingOf(trigger.metadata);
    const account = accounts.get(triggerId) ?? {
      timing,
      plan: 0,
      fired: new Map(),
      passed: new Map(),
      noted: new Set(),
      wantsSkips: false,
    };
    if (!sameTiming(account.timing, timing)) account.plan += 1;
    account.timing = timing;
    account.wantsSkips ||= trigger.metadata['overlap'] === 'skip';
    accounts.set(triggerId, account);
  };

  const pass = (triggerId: string, instant: string, how: string, demand: Demand): void => {
    const account = accounts.get(triggerId);
    if (account === undefined) return;
    const tick = `${triggerId}@${instant}`;
    demand(isInstant(instant), `${tick} is no instant`);
    const isFired = account.fired.get(instant) === account.plan;
    demand(!isFired, `${tick} has fired and is ${how}`);
    const isPassed = account.passed.get(instant) === account.plan;
    demand(!isPassed, `${tick} is ${how}, but has ended before`);
    keep(account.passed, instant, account.plan);
  };

  const fire = ({ data }: Recorded<'EventArrived'>, demand: Demand): void => {
    const { source, deliveryId } = data;
    if (source.kind !== 'scheduled') return;
    const account = accounts.get(source.key);
    const tick = deliveryId ?? '';
    const instant = tick.slice(source.key.length + 1);
    const isTick = tick === `${source.key}@${instant}` && isInstant(instant);
    demand(isTick, `arrival ${data.arrivalId} is no tick of ${source.key}`);
    if (account === undefined) return;
    demand(!account.fired.has(instant), `${tick} fires twice`);
    const isPassed = account.passed.get(instant) === account.plan;
    demand(!isPassed, `${tick} fires, but has ended before`);
    keep(account.fired, instant, account.plan);
  };

  const note = (data: DataOf<'TicksMissed'>, demand: Demand): void => {
    const { triggerId, reason, first } = data;
    const noted = accounts.get(triggerId)?.noted;
    const name = `${reason}@${first}`;
    demand(noted?.has(name) !== true, `${triggerId}: ${name} is told twice`);
    noted?.add(name);
  };

  const miss = (data: DataOf<'TicksMissed'>, demand: Demand): void => {
    const { triggerId, first, last, count, instants } = data;
    const range = `${triggerId} missed ${count} ticks from ${first} to ${last}`;
    demand(first <= last && count > 1 === first < last, `${range}, which cannot be`);
    const isListed = instants.length > 0;
    const isOrdered = instants.every(
      (instant, at) => at === 0 || (instants[at - 1] ?? '') < instant,
    );
    const isWhole = instants.length === count && instants[0] === first && instants.at(-1) === last;
    demand(!isListed || (isOrdered && isWhole), `${range}, but tells others`);
    for (const instant of isListed ? instants : new Set([first, last])) {
      pass(triggerId, instant, 'missed', demand);
    }
  };

  const skip = ({ data }: Recorded<'TickSkipped'>, demand: Demand): void => {
    const { triggerId, scheduledAt } = data;
    const isWanted = accounts.get(triggerId)?.wantsSkips ?? true;
    demand(isWanted, `${triggerId}@${scheduledAt} is skipped, which ${triggerId} does not want`);
    pass(triggerId, scheduledAt, 'skipped', demand);
  };

  return {
    on: {
      TriggerRegistered: plan,
      TriggerRevised: plan,
      TriggerRetired: ({ data }) => void accounts.delete(data.triggerId),
      EventArrived: fire,
      TicksMissed: (fact, demand) =>
        isNote(fact.data) ? note(fact.data, demand) : miss(fact.data, demand),
      TickSkipped: skip,
    },
  };
};
