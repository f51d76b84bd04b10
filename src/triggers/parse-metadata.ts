import { sentenceOf } from '../domain/complaints.ts';
import { invalidWithin } from '../domain/invalid.ts';
import type { TriggerConfig, TriggerKind } from './kind.ts';

const member = 'triggerMetadata';

/** The metadata with its defaults, or `validation-failed` that names every offending member. */
export const parseMetadata = <Config extends TriggerConfig>(
  kind: TriggerKind<Config>,
  metadata: unknown,
): Config => {
  const parsed = kind.config.safeParse(metadata ?? {}, { error: sentenceOf });
  if (parsed.success) return parsed.data;
  throw invalidWithin(member, parsed.error.issues);
};

const memberAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);

/** Metadata in the making: members may be missing, those that are there must be right. */
export const checkIncompleteMetadata = (kind: TriggerKind, metadata: unknown): void => {
  const parsed = kind.config.safeParse(metadata, { error: sentenceOf });
  const wrong = parsed.error?.issues.filter(({ path }) => memberAt(metadata, path) !== undefined);
  if (wrong !== undefined && wrong.length > 0) throw invalidWithin(member, wrong);
};
