import type { DraftEntry } from '../../projections/registry.ts';
import { complaintOf } from '../domain/complaints.ts';
import { type ErrorDetail, isTriplineError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import { invalid, invalidField, invalidFields } from '../domain/invalid.ts';
import type { JsonObject } from '../domain/json.ts';
import { rewrittenMetadata, sealMetadata } from '../sealing/metadata.ts';
import { checkIncompleteMetadata, parseMetadata } from '../triggers/parse-metadata.ts';
import { checkSchema } from './payload-schema.ts';
import { checkIncompleteSignature } from './signature-form.ts';
import { checkFilter, type DefinitionDeps, definitionOf, kindOf } from './trigger-definition.ts';
import { type DraftContent, type NewTrigger, triggerFormsOf } from './trigger-form.ts';

interface Owner {
  readonly workspace: string;
  readonly draftId: string;
}

type Recorded = DraftEntry['content'];

/** What is sealed in a draft is sealed for the draft: no trigger can make use of it. */
const placeOf = ({ sealing }: DefinitionDeps, { workspace, draftId }: Owner) => ({
  workspace,
  triggerId: draftId,
  keyRing: sealing,
});

const metadataOf = (
  deps: DefinitionDeps,
  metadata: JsonObject,
  executionType: string | undefined,
  owner: Owner,
  stored: JsonObject | undefined,
): NonNullable<Recorded['triggerMetadata']> => {
  // Only its kind knows which of the members are secrets.
  if (executionType === undefined)
    throw invalidField('executionType', 'is required where triggerMetadata is given');
  const kind = kindOf(deps.kinds, executionType);
  checkIncompleteMetadata(kind, metadata);
  checkIncompleteSignature(deps.schemes, metadata);
  checkFilter(metadata);
  checkSchema(metadata);
  return sealMetadata(kind, metadata, placeOf(deps, owner), stored) as NonNullable<
    Recorded['triggerMetadata']
  >;
};

/** What is to be recorded of a draft: its secrets sealed, and nothing in it wrong. */
export const contentOf = (
  deps: DefinitionDeps,
  { name, description, functionId, executionType, triggerMetadata }: DraftContent,
  owner: Owner,
  stored?: Recorded,
): Recorded => ({
  ...given({ name, description, functionId, executionType }),
  ...(triggerMetadata && {
    triggerMetadata: metadataOf(
      deps,
      // It came as JSON.
      triggerMetadata as JsonObject,
      executionType,
      owner,
      stored?.triggerMetadata,
    ),
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
export const triggerOf = (deps: DefinitionDeps, draft: DraftEntry, triggerId: string) => {
  const { workspace, content } = draft;
  const metadata = rewrittenMetadata(content.triggerMetadata ?? {}, placeOf(deps, draft));
  const { NewTrigger } = triggerFormsOf(deps.kinds);
  const complete = (): NewTrigger => {
    const whole = { ...content, triggerMetadata: metadata };
    const { data, error } = NewTrigger.safeParse(whole, { error: complaintOf });
    if (error) throw invalid(error);
    return data;
  };
  const ofKind = () =>
    content.executionType !== undefined &&
    parseMetadata(kindOf(deps.kinds, content.executionType), metadata);
  const missing = [...complaintsOf(complete), ...complaintsOf(ofKind)];
  if (missing.length > 0) throw invalidFields(missing);
  return definitionOf(deps, complete(), { workspace, triggerId });
};
