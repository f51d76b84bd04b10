import type { z } from 'zod';
import type { DraftEntry } from '../../../projections/registry.ts';
import { type ErrorDetail, isTriplineError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { KeyRing } from '../../sealing/key-ring.ts';
import { rewrittenMetadata, sealMetadata } from '../../sealing/metadata.ts';
import { checkIncompleteMetadata, parseMetadata } from '../../triggers/parse-metadata.ts';
import { complaintOf } from '../complaints.ts';
import { invalid, invalidField, invalidFields } from '../refusals.ts';
import type { NewDraft } from './draft-wire.ts';
import { given } from './given.ts';
import { checkSecrets, type DefinitionOwner, definitionOf, kindOf } from './trigger-definition.ts';
import { NewTrigger } from './trigger-wire.ts';

interface Owner {
  readonly workspace: string;
  readonly draftId: string;
  readonly keyRing: KeyRing;
}

/** What is sealed in a draft is sealed for the draft: no trigger can make use of it. */
const ownerOf = ({ workspace, draftId, keyRing }: Owner) => ({
  workspace,
  triggerId: draftId,
  keyRing,
});

const metadataOf = (
  metadata: JsonObject,
  executionType: string | undefined,
  owner: Owner,
  stored: JsonObject | undefined,
): JsonObject => {
  // Only its kind knows which of the members are secrets.
  if (executionType === undefined)
    throw invalidField('executionType', 'is required where triggerMetadata is given');
  const kind = kindOf(executionType);
  checkIncompleteMetadata(kind, metadata);
  checkSecrets(metadata);
  return sealMetadata(kind, metadata, ownerOf(owner), stored);
};

/** What is to be recorded of a draft: its secrets sealed, and nothing in it wrong. */
export const contentOf = (
  { name, description, functionId, executionType, triggerMetadata }: NewDraft,
  owner: Owner,
  stored?: DraftEntry['content'],
): DraftEntry['content'] => ({
  ...given({ name, description, functionId, executionType }),
  ...(triggerMetadata && {
    triggerMetadata: metadataOf(
      triggerMetadata as JsonObject,
      executionType,
      owner,
      stored?.triggerMetadata,
    ) as NonNullable<DraftEntry['content']['triggerMetadata']>,
  }),
});

const complaintsOf = (task: () => unknown): readonly ErrorDetail[] => {
  try {
    task();
    return [];
  } catch (error) {
    if (isTriplineError(error, 'validation-failed')) return error.details;
    throw error;
  }
};

/** The trigger that a draft would become, or `validation-failed` with all that is missing. */
export const triggerOf = (
  { workspace, draftId, content }: DraftEntry,
  { triggerId, keyRing, now }: Omit<DefinitionOwner, 'workspace'>,
) => {
  const metadata = rewrittenMetadata(
    content.triggerMetadata ?? {},
    ownerOf({ workspace, draftId, keyRing }),
  );
  const complete = (): z.infer<typeof NewTrigger> => {
    const given = { ...content, triggerMetadata: metadata };
    const { data, error } = NewTrigger.safeParse(given, { error: complaintOf });
    if (error) throw invalid(error);
    return data;
  };
  const ofKind = () =>
    content.executionType !== undefined && parseMetadata(kindOf(content.executionType), metadata);
  const missing = [...complaintsOf(complete), ...complaintsOf(ofKind)];
  if (missing.length > 0) throw invalidFields(missing);
  return definitionOf(complete(), { workspace, triggerId, keyRing, now });
};
