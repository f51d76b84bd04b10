import type { Decider } from '../decider.ts';
import type { DataOf, Fact } from '../events.ts';

type Expired = DataOf<'PayloadsExpired'>;

export type ExpirePayloads = { readonly type: 'ExpirePayloads' } & Readonly<Expired>;

export interface Expiry {
  /** Up to there all has been looked at; empty: nothing yet. */
  readonly upTo: string;
  /** What was needed then, by where it stands. */
  readonly kept: ReadonlyMap<string, string>;
}

/** Each stretch of the log is looked at once, whoever does it. */
export const expiry: Decider<Expiry, ExpirePayloads, Fact<'PayloadsExpired'>> = {
  initialState: { upTo: '', kept: new Map() },
  evolve: ({ kept: before }, { data: { upTo, kept, also } }) => {
    const all = new Map(before);
    for (const place of also) all.delete(place);
    for (const { place, arrivalId } of kept) all.set(place, arrivalId);
    return { upTo, kept: all };
  },
  decide({ type: _, ...data }, { upTo }) {
    return data.after === upTo ? [{ type: 'PayloadsExpired', data }] : [];
  },
};

/** Whether what stands at a place is among what expired. */
export const covers = ({ after, upTo, kept, also }: Expired, place: string): boolean =>
  also.includes(place) ||
  (place > after && place <= upTo && kept.every((entry) => entry.place !== place));
