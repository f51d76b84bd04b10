import { publishedIdOf } from '../domain/ids.ts';
import type { DefineInvariant } from './invariant.ts';

/** A draft becomes the trigger that bears its own id for that, which is there by then. */
export const drafts: DefineInvariant = ({ remembers }) => {
  /** Triggers that may still be announced as what a draft became. */
  const registered = new Set<string>();

  return {
    on: {
      TriggerRegistered({ data }) {
        registered.add(data.triggerId);
      },
      TriggerRetired({ data }) {
        if (remembers === 'open') registered.delete(data.triggerId);
      },
      DraftPublished({ data: { draftId, triggerId } }, demand) {
        const expected = publishedIdOf(draftId);
        demand(triggerId === expected, `${draftId} became ${triggerId}, not ${expected}`);
        const isThere = registered.has(triggerId) || remembers === 'open';
        demand(isThere, `${draftId} became ${triggerId}, which is not there`);
      },
    },
  };
};
