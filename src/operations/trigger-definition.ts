import type { TriggerEntry } from '../../projections/registry.ts';
import { given } from '../domain/given.ts';
import { invalidField } from '../domain/invalid.ts';
import type { JsonObject } from '../domain/json.ts';
import type { RegisterTrigger, ReviseTrigger } from '../domain/trigger/commands.ts';
import { filterLanguages } from '../filters/index.ts';
import { sealMetadata } from '../sealing/metadata.ts';
import type { TriggerKinds } from '../triggers/index.ts';
import type { TriggerConfig, TriggerKind } from '../triggers/kind.ts';
import { parseMetadata } from '../triggers/parse-metadata.ts';
import { checkedFilter } from './checked-filter.ts';
import type { OperationsDeps } from './deps.ts';
import { checkSchema } from './payload-schema.ts';
import { withSignature } from './signature-form.ts';
import type { NewTrigger, TriggerChanges } from './trigger-form.ts';

export type DefinitionDeps = Pick<OperationsDeps, 'kinds' | 'schemes' | 'sealing' | 'clock'>;

/** Whose it is to be: secrets are sealed for this place. */
interface Owner {
  readonly workspace: string;
  readonly triggerId: string;
}

export const kindOf = (kinds: TriggerKinds, executionType: string): TriggerKind => {
  const kind = kinds.get(executionType);
  if (kind) return kind;
  throw invalidField('executionType', `must be one of ${[...kinds.keys()].join(', ')}`);
};

/** Of metadata that its kind has looked at. */
export const checkFilter = ({ filter }: Pick<TriggerConfig, 'filter'>): void => {
  if (filter !== undefined) checkedFilter(filterLanguages, filter, 'triggerMetadata.filter');
};

const checked = (
  { schemes, sealing, clock }: DefinitionDeps,
  kind: TriggerKind,
  metadata: unknown,
  owner: Owner,
  stored?: JsonObject,
): JsonObject & RegisterTrigger['triggerMetadata'] => {
  const config = parseMetadata(kind, metadata);
  const problem = kind.untimely?.(config, stored, clock.now());
  if (problem !== undefined)
    throw invalidField(`triggerMetadata.${problem.field}`, problem.message);
  checkFilter(config);
  checkSchema(config);
  const whole = withSignature(schemes, config as JsonObject);
  const place = { ...owner, keyRing: sealing };
  return sealMetadata(kind, whole, place, stored) as RegisterTrigger['triggerMetadata'];
};

/** A new trigger as it may be recorded: valid, with its secrets sealed. */
export const definitionOf = (
  deps: DefinitionDeps,
  form: NewTrigger,
  owner: Owner,
): Omit<RegisterTrigger, 'type' | 'triggerId' | 'isSystem' | 'startFrom'> => {
  const kind = kindOf(deps.kinds, form.executionType);
  return { ...form, triggerMetadata: checked(deps, kind, form.triggerMetadata, owner) };
};

/** Refuses what was fixed before, unless it comes as it is. */
export const mustStay = (
  field: string,
  present: string | undefined,
  wanted: string | undefined,
): void => {
  if (wanted !== undefined && wanted !== present)
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
  deps: DefinitionDeps,
  { name, description, functionId, triggerMetadata, executionType }: TriggerChanges,
  entry: TriggerEntry,
): Omit<ReviseTrigger, 'type'> => {
  mustStay('executionType', entry.executionType, executionType);
  const stored = entry.triggerMetadata;
  const kind = kindOf(deps.kinds, entry.executionType);
  const whole = triggerMetadata && merged(kind, stored, triggerMetadata);
  const { workspace, triggerId } = entry;
  return {
    ...given({ name, description, functionId }),
    ...(whole && { triggerMetadata: checked(deps, kind, whole, { workspace, triggerId }, stored) }),
  };
};
