import { z } from 'zod';
import { fact, Id } from './fact.ts';

const TriggerDefinition = {
  triggerId: Id,
  version: z.int().min(1),
  name: z.string().min(1),
  description: z.string().nullable(),
  functionId: z.string().min(1),
  executionType: z.string().min(1),
  /** As its kind's schema gave it back; secrets are sealed. */
  triggerMetadata: z.record(z.string(), z.json()),
};

/** What is known of a trigger in the making; secrets are sealed for the draft. */
const DraftContent = {
  name: z.string().optional(),
  description: z.string().nullable().optional(),
  functionId: z.string().optional(),
  executionType: z.string().optional(),
  triggerMetadata: TriggerDefinition.triggerMetadata.optional(),
};

export const triggerFacts = {
  TriggerRegistered: fact(1, {
    ...TriggerDefinition,
    isSystem: z.boolean(),
    /** It is given first what had arrived behind that place, by a replay of this name; else nothing. */
    startFrom: z.object({ after: z.string(), replayId: Id }).optional(),
  }),
  TriggerRevised: fact(1, TriggerDefinition),
  TriggerPaused: fact(1, { triggerId: Id, reason: z.string() }),
  TriggerResumed: fact(1, { triggerId: Id }),
  /** By the system: the endpoint said it is gone. Accepted events wait. */
  TriggerSuspended: fact(1, { triggerId: Id, reason: z.string(), invocationId: Id }),
  TriggerRetired: fact(1, { triggerId: Id }),
  /** The same secrets, sealed with a newer key: no new version, nobody's change. */
  TriggerSecretsResealed: fact(1, {
    triggerId: Id,
    triggerMetadata: TriggerDefinition.triggerMetadata,
  }),
};

export const draftFacts = {
  /** As it is from now on, the first time too. */
  DraftSaved: fact(1, { draftId: Id, content: z.object(DraftContent) }),
  DraftPublished: fact(1, { draftId: Id, triggerId: Id }),
  DraftDiscarded: fact(1, { draftId: Id }),
};
