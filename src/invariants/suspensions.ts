import type { DefineInvariant } from './invariant.ts';

/** So many may wait to be the reason of a suspension, per trigger. */
const mostKept = 256;

/** A trigger whose target says that it is gone for good is suspended, and for no other reason. */
export const suspensions: DefineInvariant = ({ register }) => {
  const gone = new Map<string, string[]>();
  /** Active triggers that are to be suspended, and why. */
  const owed = new Map<string, string>();
  const settle = ({ data: { triggerId } }: { data: { triggerId: string } }): void => {
    owed.delete(triggerId);
  };

  return {
    on: {
      InvocationDeadLettered({ data: { invocationId, triggerId, reason } }) {
        if (reason !== 'gone') return;
        gone.set(triggerId, [...(gone.get(triggerId) ?? []), invocationId].slice(-mostKept));
        if (register.triggers.get(triggerId)?.status === 'active')
          owed.set(triggerId, invocationId);
      },
      TriggerSuspended(fact, demand) {
        const { triggerId, invocationId } = fact.data;
        const isGone = gone.get(triggerId)?.includes(invocationId) ?? false;
        demand(isGone, `${triggerId} is suspended for ${invocationId}, whose target is not gone`);
        settle(fact);
      },
      TriggerPaused: settle,
      TriggerRetired(fact) {
        settle(fact);
        gone.delete(fact.data.triggerId);
      },
    },
    atRest(demand) {
      for (const [triggerId, invocationId] of owed) {
        demand(
          false,
          `${triggerId} is not suspended, though the target of ${invocationId} is gone`,
        );
      }
    },
  };
};
