import type { Recorded } from '../domain/events.ts';
import { invocationIdOf } from '../domain/ids.ts';
import type { DefineInvariant, Demand } from './invariant.ts';
import { isJudged } from './listening.ts';
import { mayConcernNobody, type Owed } from './promised.ts';
import { otherThan } from './terms.ts';

/** An arrival that has not yet had all the outcomes it is owed. */
interface Open {
  readonly workspace: string;
  readonly correlationId: string;
  readonly owed: Map<string, Owed>;
}

const isWithheld = ({ withheld }: Owed): boolean => withheld !== null;
const isFiltered = ({ withheld }: Owed): boolean => withheld === 'filtered';

/**
 * Every arrival has one outcome for each trigger that matched it as things stood when it was decided
 * on, and nothing more: an invocation by the version of then, or a record of why there is none.
 */
export const outcomes: DefineInvariant = ({ owedFor, register }) => {
  const open = new Map<string, Open>();

  const settle = (arrivalId: string, { owed }: Open, triggerId: string): void => {
    owed.delete(triggerId);
    if (owed.size === 0) open.delete(arrivalId);
  };

  const arrive = (fact: Recorded<'EventArrived'>, demand: Demand): void => {
    const { arrivalId } = fact.data;
    const { workspace, $correlationId: correlationId } = fact.metadata;
    const reached = owedFor(fact);
    const owed = reached.filter((one) => !isFiltered(one));
    const isFine = reached.length > 0 || mayConcernNobody(fact);
    demand(isFine, `arrival ${arrivalId} was accepted, but concerns nobody`);
    if (owed.length === 0) return;
    const byTrigger = new Map(owed.map((one) => [one.triggerId, one]));
    open.set(arrivalId, { workspace, correlationId, owed: byTrigger });
  };

  const queue = ({ data, metadata }: Recorded<'InvocationQueued'>, demand: Demand): void => {
    const { invocationId, arrivalId, triggerId, triggerVersion, functionId, retryOf } = data;
    if (retryOf !== null || data.replay !== undefined) return;
    const { workspace, $correlationId } = metadata;
    const arrival = open.get(arrivalId);
    const owed = arrival?.owed.get(triggerId);
    const { trigger, terms } = owed ?? {};
    const asRegistered = register.triggers.get(triggerId);
    if (owed === undefined && asRegistered !== undefined && !isJudged(asRegistered)) return;
    demand(
      owed?.withheld === null,
      `${invocationId}: arrival ${arrivalId} owes ${triggerId} no invocation`,
    );
    if (arrival === undefined || trigger === undefined || terms === undefined) return;
    settle(arrivalId, arrival, triggerId);
    const is = (actual: unknown, expected: unknown, what: string): void =>
      demand(actual === expected, `${invocationId} has ${what} ${actual}, not ${expected}`);
    is(invocationId, invocationIdOf(arrivalId, triggerId), 'the id');
    is(triggerVersion, trigger.version, `of ${triggerId} the version`);
    is(functionId, trigger.functionId, 'the function');
    is(workspace, arrival.workspace, 'the workspace');
    is($correlationId, arrival.correlationId, 'the correlation id');
    const others = otherThan(terms, data);
    demand(others.length === 0, `${invocationId} has another ${others.join(', ')} than promised`);
  };

  const withhold = ({ data }: Recorded<'EventWithheld'>, demand: Demand): void => {
    const { arrivalId, triggers, total } = data;
    const arrival = open.get(arrivalId);
    const withheld = [...(arrival?.owed.values() ?? [])].filter(isWithheld);
    const wrongTotal = `arrival ${arrivalId} is withheld from ${total}, not ${withheld.length}`;
    const least = withheld.filter(({ isSure }) => isSure).length;
    demand(total >= least && total <= withheld.length, wrongTotal);
    const named = new Set(triggers.map(({ triggerId }) => triggerId));
    const isList = named.size === triggers.length && named.size > 0 && named.size <= total;
    demand(isList, `arrival ${arrivalId} names ${triggers.length} triggers of ${total}`);
    for (const { triggerId, reason } of triggers) {
      const why = arrival?.owed.get(triggerId)?.withheld ?? 'to be invoked or nobody';
      demand(why === reason, `arrival ${arrivalId}: ${triggerId} was ${why}, not ${reason}`);
    }
    for (const { triggerId } of withheld) if (arrival) settle(arrivalId, arrival, triggerId);
  };

  return {
    on: { EventArrived: arrive, InvocationQueued: queue, EventWithheld: withhold },
    atRest(demand) {
      for (const [arrivalId, { owed }] of open) {
        for (const { triggerId, withheld } of [...owed.values()].filter(({ isSure }) => isSure)) {
          const what = withheld === null ? 'no invocation' : `not why it is withheld (${withheld})`;
          demand(false, `arrival ${arrivalId} has ${what} for ${triggerId}`);
        }
      }
    },
  };
};
