import { type FactType, isKnown, type Recorded } from '../domain/events.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import { arrivals } from './arrivals.ts';
import { capacity } from './capacity.ts';
import { concurrency } from './concurrency.ts';
import { drafts } from './drafts.ts';
import { entities } from './entities.ts';
import { fence } from './fence.ts';
import type { DefineInvariant, Demand, Invariant, InvariantOptions } from './invariant.ts';
import { lateStarts } from './late-starts.ts';
import { leases } from './leases.ts';
import { bucketOf } from './listening.ts';
import { lives } from './lives.ts';
import { names } from './names.ts';
import { createInvocations } from './open-invocations.ts';
import { ordering } from './ordering.ts';
import { outcomes } from './outcomes.ts';
import { places } from './places.ts';
import { createPromises } from './promised.ts';
import { refusals } from './refusals.ts';
import { createRegister } from './register.ts';
import { repetitions } from './repetitions.ts';
import { replays } from './replays.ts';
import { retries } from './retries.ts';
import { secrets } from './secrets.ts';
import { signatures } from './signatures.ts';
import { suspensions } from './suspensions.ts';
import { tenants } from './tenants.ts';
import { ticks } from './ticks.ts';

/** Every promise that a log alone can show; what is not listed here is not looked at. */
const all: readonly DefineInvariant[] = [
  places,
  arrivals,
  outcomes,
  signatures,
  lives,
  retries,
  repetitions,
  replays,
  lateStarts,
  leases,
  fence,
  ordering,
  concurrency,
  capacity,
  ticks,
  entities,
  drafts,
  names,
  suspensions,
  tenants,
  refusals,
  secrets,
];

type Take = (fact: Recorded, demand: Demand) => void;

export interface Invariants {
  /** The promises that this event breaks, in sentences; to be told every event of the log, in order. */
  take(event: StoredEvent): readonly string[];
  /** What is owed when all work is done, and is not there. */
  atRest(): readonly string[];
}

const none: readonly string[] = [];

/** Handlers by fact; each was checked against its own fact where it was written. */
const byType = (parts: readonly Pick<Invariant, 'on'>[]): ReadonlyMap<string, readonly Take[]> => {
  const handlers = new Map<string, Take[]>();
  for (const { on = {} } of parts) {
    for (const [type, take] of Object.entries(on) as [FactType, Take][]) {
      handlers.set(type, [...(handlers.get(type) ?? []), take]);
    }
  }
  return handlers;
};

/**
 * Judges a log by what is promised of it, event by event. It shares neither code nor thought with
 * what it judges: who is concerned by an arrival, say, is worked out once more and in another way.
 */
export const createInvariants = (
  { remembers = 'all', owners = 'one', bodyAt = () => undefined }: InvariantOptions = {},
  promises: readonly DefineInvariant[] = all,
): Invariants => {
  const registered = createRegister(bucketOf);
  const lived = createInvocations(remembers);
  const { register } = registered;
  const { invocations } = lived;
  const owedFor = createPromises(register, bodyAt);
  const setting = { remembers, owners, bodyAt, register, invocations, owedFor };
  const invariants = promises.map((define) => define(setting));
  const handlers = byType([registered, ...invariants, lived]);
  const general = invariants.flatMap(({ every }) => every ?? []);
  let broken: string[] = [];
  const collected = (): readonly string[] => {
    if (broken.length === 0) return none;
    const found = broken;
    broken = [];
    return found;
  };

  const demandFor =
    (where: string): Demand =>
    (holds, otherwise) => {
      if (!holds) broken.push(`${where}: ${otherwise}`);
    };

  return {
    take(event) {
      const demand = demandFor(`${event.type} at ${event.position}`);
      for (const take of general) take(event, demand);
      if (isKnown(event)) for (const take of handlers.get(event.type) ?? []) take(event, demand);
      return collected();
    },
    atRest() {
      for (const { atRest } of invariants) atRest?.(demandFor('at rest'));
      return collected();
    },
  };
};
