import type { z } from 'zod';
import { type ErrorDetail, TriplineError } from '../domain/errors.ts';
import type { TriggerConfig, TriggerKind } from './kind.ts';

type Issue = z.core.$ZodRawIssue | z.core.$ZodIssue;

const articles: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

/** For schemas that say nothing themselves. */
const mustOf = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${articles[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    default:
      return 'must be of another form';
  }
};

export const sentenceOf = (issue: Issue): string =>
  issue.code === 'invalid_type' && issue.input === undefined ? 'is required' : mustOf(issue);

const fieldOf = (path: readonly PropertyKey[]): string =>
  ['triggerMetadata', ...path].map(String).join('.');

const detailsOf = (issue: z.core.$ZodIssue): readonly ErrorDetail[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ field: fieldOf([...issue.path, key]), message: 'is not known' }))
    : [{ field: fieldOf(issue.path), message: issue.message }];

const refused = (issues: readonly z.core.$ZodIssue[]): TriplineError => {
  const details = issues.flatMap(detailsOf);
  const sentence = details.map(({ field, message }) => `${field} ${message}`).join('; ');
  return new TriplineError('validation-failed', sentence, { details });
};

/** The metadata with its defaults, or `validation-failed` that names every offending member. */
export const parseMetadata = <Config extends TriggerConfig>(
  kind: TriggerKind<Config>,
  metadata: unknown,
): Config => {
  const parsed = kind.config.safeParse(metadata ?? {}, { error: sentenceOf });
  if (parsed.success) return parsed.data;
  throw refused(parsed.error.issues);
};

const memberAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );

/** Metadata in the making: members may be missing, those that are there must be right. */
export const checkIncompleteMetadata = (kind: TriggerKind, metadata: unknown): void => {
  const parsed = kind.config.safeParse(metadata, { error: sentenceOf });
  const wrong = parsed.error?.issues.filter(({ path }) => memberAt(metadata, path) !== undefined);
  if (wrong !== undefined && wrong.length > 0) throw refused(wrong);
};
