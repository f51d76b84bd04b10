import type { Recorded } from '../domain/events.ts';
import type { DefineInvariant, Demand } from './invariant.ts';

/** From that version on, whether proof is asked for. */
interface Terms {
  readonly since: number;
  readonly asksForProof: boolean;
}

/**
 * What a trigger that asks for signatures is given has been verified, by the version it was accepted
 * for; and that version was one there was.
 */
export const signatures: DefineInvariant = ({ register, owedFor }) => {
  const terms = new Map<string, readonly Terms[]>();

  const change = ({ data }: Recorded<'TriggerRegistered' | 'TriggerRevised'>): void => {
    const { triggerId, version, triggerMetadata } = data;
    const asksForProof = 'signature' in triggerMetadata || 'hmac' in triggerMetadata;
    const known = terms.get(triggerId) ?? [];
    if (known.at(-1)?.asksForProof === asksForProof) return;
    terms.set(triggerId, [...known, { since: version, asksForProof }]);
  };

  const exists = ({ data, metadata }: Recorded<'EventArrived'>, demand: Demand): void => {
    const { arrivalId, acceptedFor } = data;
    const trigger = register.triggers.get(acceptedFor?.triggerId ?? '');
    if (acceptedFor === undefined || trigger === undefined) return;
    const { triggerId, version } = acceptedFor;
    const isThere = version <= trigger.version && trigger.workspace === metadata.workspace;
    demand(
      isThere,
      `arrival ${arrivalId} is for version ${version} of ${triggerId}, not a known one`,
    );
  };

  const arrive = (fact: Recorded<'EventArrived'>, demand: Demand): void => {
    exists(fact, demand);
    const { arrivalId, verification, acceptedFor } = fact.data;
    if (verification !== null) return;
    for (const { triggerId, trigger } of owedFor(fact)) {
      const version = acceptedFor?.version ?? trigger?.version ?? 0;
      const then = terms.get(triggerId)?.findLast(({ since }) => since <= version);
      const isFine = then?.asksForProof !== true;
      demand(isFine, `arrival ${arrivalId} for ${triggerId} was not verified`);
    }
  };

  return {
    on: {
      TriggerRegistered: change,
      TriggerRevised: change,
      TriggerRetired: ({ data }) => void terms.delete(data.triggerId),
      EventArrived: arrive,
    },
  };
};
