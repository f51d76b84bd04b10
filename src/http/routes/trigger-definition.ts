import { z } from 'zod';
import type { TriggerEntry } from '../../../projections/registry.ts';
import { isTriplineError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { RegisterTrigger, ReviseTrigger } from '../../domain/trigger/commands.ts';
import { type MetadataOwner, sealMetadata } from '../../sealing/metadata.ts';
import { signatureSchemes } from '../../signatures/index.ts';
import { triggerKinds } from '../../triggers/index.ts';
import type { TriggerKind } from '../../triggers/kind.ts';
import { parseMetadata } from '../../triggers/parse-metadata.ts';
import { invalidField } from '../refusals.ts';
import { given } from './given.ts';
import type { NewTrigger, TriggerChanges } from './trigger-wire.ts';

export const kindOf = (executionType: string): TriggerKind => {
  const kind = triggerKinds.get(executionType);
  if (kind) return kind;
  const known = [...triggerKinds.keys()].join(', ');
  throw invalidField('executionType', `must be one of ${known}`);
};

const plaintextOf = (secret: unknown): string | undefined => {
  if (typeof secret === 'string') return secret;
  const hasValue = typeof secret === 'object' && secret !== null && !('encrypted' in secret);
  return hasValue && 'value' in secret ? String(secret.value) : undefined;
};

const SignatureSecrets = z.object({ scheme: z.string(), secrets: z.array(z.unknown()) });

/** A secret that its scheme cannot use is refused now, not when the first delivery comes. */
export const checkSecrets = ({ signature }: JsonObject): void => {
  const { data } = SignatureSecrets.safeParse(signature);
  const scheme = data && signatureSchemes.get(data.scheme);
  data?.secrets.forEach((secret, index) => {
    const text = plaintextOf(secret);
    try {
      if (text !== undefined) scheme?.readSecret(text);
    } catch (error) {
      if (!isTriplineError(error)) throw error;
      throw invalidField(`triggerMetadata.signature.secrets.${index}`, error.message);
    }
  });
};

/** Whose metadata it is to be, and from when on. */
export interface DefinitionOwner extends MetadataOwner {
  readonly now: number;
}

const checked = (
  kind: TriggerKind,
  metadata: unknown,
  owner: DefinitionOwner,
  stored?: JsonObject,
): JsonObject & RegisterTrigger['triggerMetadata'] => {
  const config = parseMetadata(kind, metadata);
  const problem = kind.untimely?.(config, stored, owner.now);
  if (problem !== undefined)
    throw invalidField(`triggerMetadata.${problem.field}`, problem.message);
  const parsed = config as JsonObject;
  checkSecrets(parsed);
  return sealMetadata(kind, parsed, owner, stored) as RegisterTrigger['triggerMetadata'];
};

/** A new trigger as it may be recorded: valid, with its secrets sealed. */
export const definitionOf = (
  body: z.infer<typeof NewTrigger>,
  owner: DefinitionOwner,
): Pick<
  RegisterTrigger,
  'name' | 'description' | 'functionId' | 'executionType' | 'triggerMetadata'
> => ({
  ...body,
  triggerMetadata: checked(kindOf(body.executionType), body.triggerMetadata, owner),
});

const mustStay = (field: string, present: string, given: string | undefined): void => {
  if (given !== undefined && given !== present)
    throw invalidField(field, `cannot be changed from ${present}`);
};

const merged = (
  { merge = (stored, given) => ({ ...stored, ...given }) }: Pick<TriggerKind, 'merge'>,
  stored: JsonObject,
  given: Readonly<Record<string, unknown>>,
) =>
  Object.fromEntries(
    // It came as JSON; its kind's schema looks at the whole.
    Object.entries(merge(stored, given as JsonObject)).filter(
      ([, value]) => value !== null && value !== undefined,
    ),
  );

/** What of a trigger changes; the merged whole is what must be valid. */
export const changesOf = (
  { name, description, triggerMetadata, ...fixed }: z.infer<typeof TriggerChanges>,
  entry: TriggerEntry,
  owner: DefinitionOwner,
): Omit<ReviseTrigger, 'type'> => {
  mustStay('executionType', entry.executionType, fixed.executionType);
  mustStay('functionId', entry.functionId, fixed.functionId);
  const stored = entry.triggerMetadata;
  const kind = kindOf(entry.executionType);
  return {
    ...given({ name, description }),
    ...(triggerMetadata !== undefined && {
      triggerMetadata: checked(kind, merged(kind, stored, triggerMetadata), owner, stored),
    }),
  };
};
