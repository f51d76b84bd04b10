import { assign, setup } from 'xstate';
import type { DataOf, Fact } from '../events.ts';

export type DraftFact = Fact<'DraftSaved' | 'DraftPublished' | 'DraftDiscarded'>;

type DraftContext = Readonly<DataOf<'DraftSaved'>>;

const context: DraftContext = { draftId: '', content: {} };

/** A trigger in the making: never listed among triggers, never run, gone once it is published. */
export const draftMachine = setup({
  types: { context: {} as DraftContext, events: {} as DraftFact },
}).createMachine({
  id: 'draft',
  context,
  initial: 'absent',
  states: {
    absent: {
      on: { DraftSaved: { target: 'open', actions: assign(({ event }) => event.data) } },
    },
    open: {
      on: {
        DraftSaved: { actions: assign(({ event }) => event.data) },
        DraftPublished: { target: 'published' },
        DraftDiscarded: { target: 'discarded' },
      },
    },
    published: {},
    discarded: {},
  },
});
