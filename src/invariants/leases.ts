import type { DefineInvariant } from './invariant.ts';

/** A start holds until after its deadline, and nobody starts anything once another has taken over. */
export const leases: DefineInvariant = ({ invocations, owners }) => {
  const former = new Set<string>();
  let owner: string | undefined;

  return {
    on: {
      InvocationStarted({ data, metadata }, demand) {
        const { invocationId, claimedBy, leaseUntil } = data;
        const timeoutMs = invocations.open.get(invocationId)?.queued.timeoutMs ?? 0;
        const leaseMs = Date.parse(leaseUntil) - Date.parse(metadata.occurredAt);
        const otherwise = `${invocationId} is leased for ${leaseMs} ms and may take ${timeoutMs}`;
        demand(leaseMs >= timeoutMs && leaseMs > 0, otherwise);
        if (owners === 'several' || claimedBy === owner) return;
        demand(
          !former.has(claimedBy),
          `${invocationId} is started by ${claimedBy}, who was replaced`,
        );
        if (owner !== undefined) former.add(owner);
        owner = claimedBy;
      },
    },
  };
};
