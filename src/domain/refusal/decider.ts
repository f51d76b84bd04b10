import type { Decider } from '../decider.ts';
import type { DataOf, Fact } from '../events.ts';

export type NoteRefusal = { readonly type: 'NoteRefusal' } & Readonly<DataOf<'RequestRefused'>>;

/** Whether it is noted. There is nothing to rule here: a refusal has no life of its own. */
export type RefusalState = boolean;

export const refusal: Decider<RefusalState, NoteRefusal, Fact<'RequestRefused'>> = {
  initialState: false,
  evolve: () => true,
  decide: ({ type: _, ...data }, isNoted) => (isNoted ? [] : [{ type: 'RequestRefused', data }]),
};
