import type { Campaign } from './campaign.ts';
import { mustBeSeen } from './sometimes.ts';

export const rateOf = ({ histories, began }: Campaign): number =>
  Math.round(histories / Math.max((Date.now() - began) / 60_000, 1 / 60));

const line = (name: string, count: number): string => `  ${String(count).padStart(9)}  ${name}`;

/** What was seen, and how often. */
export const tableOf = ({ counters }: Campaign): string =>
  [...counters.all]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, count]) => line(name, count))
    .join('\n');

export const neverSeen = ({ counters }: Campaign): readonly string[] =>
  mustBeSeen.filter((name) => !counters.all.has(name));
