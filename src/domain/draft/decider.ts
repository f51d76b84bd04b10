import type { Decider } from '../decider.ts';
import { TriplineError } from '../errors.ts';
import type { DataOf } from '../events.ts';
import { type LifecycleStateOf, lifecycleOf } from '../lifecycle.ts';
import { type DraftFact, draftMachine } from './machine.ts';

export const draftLifecycle = lifecycleOf(draftMachine);
export type DraftState = LifecycleStateOf<typeof draftLifecycle>;

type Saved = Readonly<DataOf<'DraftSaved'>>;

/** For an id nobody had before; a repetition is harmless. */
export type CreateDraft = { readonly type: 'CreateDraft' } & Saved;
/** The whole new content. */
export type SaveDraft = { readonly type: 'SaveDraft' } & Pick<Saved, 'content'>;
/** Its content is the trigger's by now. Of several that try, one succeeds. */
export interface PublishDraft {
  readonly type: 'PublishDraft';
  readonly triggerId: string;
}
export interface DiscardDraft {
  readonly type: 'DiscardDraft';
}
export type DraftCommand = CreateDraft | SaveDraft | PublishDraft | DiscardDraft;

const { propose } = draftLifecycle;

export const draft: Decider<DraftState, DraftCommand, DraftFact> = {
  initialState: draftLifecycle.initialState,
  evolve: draftLifecycle.evolve,
  decide(command, state) {
    if (command.type === 'CreateDraft') {
      const { draftId, content } = command;
      if (state.value !== 'absent') return [];
      return propose(state, { type: 'DraftSaved', data: { draftId, content } });
    }
    // What is published or discarded is as good as never saved.
    if (state.value !== 'open') throw new TriplineError('not-found', 'there is no such draft');
    const { draftId } = state.context;
    switch (command.type) {
      case 'SaveDraft':
        return propose(state, { type: 'DraftSaved', data: { draftId, content: command.content } });
      case 'PublishDraft': {
        const { triggerId } = command;
        return propose(state, { type: 'DraftPublished', data: { draftId, triggerId } });
      }
      case 'DiscardDraft':
        return propose(state, { type: 'DraftDiscarded', data: { draftId } });
    }
  },
};
