import type { JsonObject } from '../domain/json.ts';

/** Each way to say when, with the members that mean nothing without it. */
const ways = { interval: [], cron: ['timezone'], at: [] } as const;
/** A one-time schedule has no bounds to keep. */
const bounds = ['startAt', 'endAt'] as const;

/**
 * An update's metadata over the stored ones, member by member, save that a new way to say when
 * (`cron` for `interval`, say) takes the place of the old one, which it could not stand beside.
 */
export const mergeSchedule = (stored: JsonObject, given: JsonObject): JsonObject => {
  const isGiven = (member: string): boolean => Object.hasOwn(given, member);
  const replaced = new Set<string>();
  for (const [way, dependents] of Object.entries(ways)) {
    if (isGiven(way) || !Object.keys(ways).some(isGiven)) continue;
    for (const member of [way, ...dependents]) replaced.add(member);
  }
  if (isGiven('at')) for (const member of bounds) replaced.add(member);
  const kept = Object.entries(stored).filter(([member]) => !replaced.has(member));
  return Object.fromEntries([...kept, ...Object.entries(given)]);
};
