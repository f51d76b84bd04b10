import type { DraftEntry } from '../../projections/registry.ts';
import type { AskOptions } from '../actors/actors.ts';
import { draftAddress } from '../actors/addresses.ts';
import { createMailboxes } from '../actors/mailboxes.ts';
import type { DraftCommand } from '../domain/draft/decider.ts';
import { isTriplineError } from '../domain/errors.ts';
import type { Envelope } from '../domain/events.ts';
import { publishedIdOf, triggerStream } from '../domain/ids.ts';
import { beginningOf } from '../log/beginning.ts';
import { contentOf, triggerOf } from './draft-definition.ts';
import { existing } from './existing.ts';
import type { StartFrom } from './late-start.ts';
import type { DraftContent } from './trigger-form.ts';
import type { TriggersDeps } from './trigger-registration.ts';
import { createRegistration } from './trigger-registration.ts';
import { missingFunction } from './trouble.ts';
import { visible } from './visible.ts';

/** Triggers in the making. What is published is a draft no more. */
export const createDrafts = (deps: TriggersDeps) => {
  const { engine, actors, store } = deps;
  const register = createRegistration(deps);
  const find = (id: string) => engine.registry.draftById(id);
  const present = ({ workspace }: Envelope, id: string) =>
    existing('draft', find, { slug: workspace, id });
  /** What is being published must not be changed meanwhile. */
  const turns = createMailboxes();

  const ask = async (id: string, command: DraftCommand, envelope: Envelope, at?: AskOptions) => {
    const { position } = await actors.ask(draftAddress(id), command, envelope, at);
    await visible(deps, position);
  };

  const registerOnce = async (
    draftId: string,
    envelope: Envelope,
    startFrom: StartFrom | undefined,
  ): Promise<void> => {
    const triggerId = publishedIdOf(draftId);
    if (await beginningOf(store, triggerStream(triggerId))) return;
    const definition = triggerOf(deps, present(envelope, draftId), triggerId);
    await register({ triggerId, isSystem: false, ...definition }, envelope, startFrom);
  };

  const end = (draftId: string, envelope: Envelope): Promise<void> =>
    ask(draftId, { type: 'PublishDraft', triggerId: publishedIdOf(draftId) }, envelope);

  return {
    find,
    /** What will be missing when it is published, unless it comes until then. */
    troubleWith: ({ workspace, content: { functionId } }: DraftEntry): string | undefined =>
      functionId === undefined
        ? undefined
        : missingFunction(engine.registry, { workspace, functionId }),
    /** Under an id that nobody had before. */
    create: async (draftId: string, form: DraftContent, envelope: Envelope): Promise<void> => {
      const content = contentOf(deps, form, { workspace: envelope.workspace, draftId });
      await ask(draftId, { type: 'CreateDraft', draftId, content }, envelope);
    },
    /** The whole new content. */
    save: (id: string, form: DraftContent, envelope: Envelope, at?: AskOptions): Promise<void> =>
      turns.run(id, async () => {
        const draft = present(envelope, id);
        const content = contentOf(deps, form, draft, draft.content);
        await ask(id, { type: 'SaveDraft', content }, envelope, at);
      }),
    async discard(id: string, envelope: Envelope, at?: AskOptions): Promise<void> {
      present(envelope, id);
      await turns.run(id, () => ask(id, { type: 'DiscardDraft' }, envelope, at));
    },
    /**
     * First the trigger is registered, under an id that the draft alone has, then the draft ends. A
     * crash in between is made good by publishing again: the trigger is there already and the draft
     * ends. Where the trigger is refused, the draft stays as it is. Answers the trigger's id.
     */
    publish: (draftId: string, envelope: Envelope, startFrom?: StartFrom): Promise<string> =>
      turns.run(draftId, async () => {
        await registerOnce(draftId, envelope, startFrom);
        await end(draftId, envelope);
        return publishedIdOf(draftId);
      }),
    /** Ends the draft of a trigger that is there already, if it has not ended. */
    async endPublished(draftId: string, envelope: Envelope): Promise<void> {
      try {
        await end(draftId, envelope);
      } catch (error) {
        if (!isTriplineError(error, 'not-found')) throw error;
      }
    },
  };
};
