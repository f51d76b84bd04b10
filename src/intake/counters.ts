export type IngressResult =
  | 'accepted'
  | 'repeated'
  | 'conflicting'
  | 'unsigned'
  | 'unreadable'
  | 'stopped'
  | 'full'
  | 'failed';

/** What became of deliveries since the process started. */
export interface IngressCounters {
  count(result: IngressResult, triggerId: string): void;
  totals(): Readonly<Record<IngressResult, number>>;
  /** Deliveries turned away from one trigger because its backlog was full. */
  refusedOf(triggerId: string): number;
}

export const createIngressCounters = (): IngressCounters => {
  const totals: Record<IngressResult, number> = {
    accepted: 0,
    repeated: 0,
    conflicting: 0,
    unsigned: 0,
    unreadable: 0,
    stopped: 0,
    full: 0,
    failed: 0,
  };
  // Only triggers that exist are counted, so the map is no larger than the registry ever was.
  const refused = new Map<string, number>();
  return {
    count: (result, triggerId) => {
      totals[result] += 1;
      if (result === 'full') refused.set(triggerId, (refused.get(triggerId) ?? 0) + 1);
    },
    totals: () => ({ ...totals }),
    refusedOf: (triggerId) => refused.get(triggerId) ?? 0,
  };
};
