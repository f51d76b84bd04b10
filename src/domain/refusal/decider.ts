import type { Decider } from '../decider.ts';
import type { DataOf, Fact } from '../events.ts';

export type NoteRefusal = { readonly type: 'NoteRefusal' } & Readonly<DataOf<'RequestRefused'>>;

export type RefusedDeliveries = Readonly<DataOf<'DeliveriesRefused'>>;

export interface NoteRefusedDeliveries {
  readonly type: 'NoteRefusedDeliveries';
  readonly refusals: readonly RefusedDeliveries[];
}

/** Whether it is noted. There is nothing to rule here: a refusal has no life of its own. */
export type RefusalState = boolean;

type Command = NoteRefusal | NoteRefusedDeliveries;
type RefusalFact = Fact<'RequestRefused' | 'DeliveriesRefused'>;

const factsOf = (command: Command): readonly RefusalFact[] => {
  if (command.type === 'NoteRefusedDeliveries')
    return command.refusals.map((data) => ({ type: 'DeliveriesRefused', data }));
  const { type: _, ...data } = command;
  return [{ type: 'RequestRefused', data }];
};

export const refusal: Decider<RefusalState, Command, RefusalFact> = {
  initialState: false,
  evolve: () => true,
  decide: (command, isNoted) => (isNoted ? [] : factsOf(command)),
};
