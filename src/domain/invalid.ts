import type { z } from 'zod';
import { type ErrorDetail, TriplineError } from './errors.ts';

/** Everything that is wrong with what was sent, each member by its name. */
export const invalidFields = (details: readonly ErrorDetail[]): TriplineError => {
  const sentence = details.map(({ field, message }) => `${field} ${message}`).join('; ');
  return new TriplineError('validation-failed', sentence, { details });
};

export const invalidField = (field: string, message: string): TriplineError =>
  invalidFields([{ field, message }]);

const detailsOf = (issue: z.core.$ZodIssue): readonly ErrorDetail[] => {
  const detail = (path: readonly PropertyKey[], message: string) => ({
    field: path.map(String).join('.'),
    message,
  });
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => detail([...issue.path, key], 'is not known'))
    : [detail(issue.path, issue.message)];
};

/** A schema's complaints as a refusal; `whole` is what one of no single member is about. */
export const invalid = ({ issues }: Pick<z.core.$ZodError, 'issues'>, whole = 'body') =>
  invalidFields(
    issues.flatMap(detailsOf).map(({ field, message }) => ({ field: field || whole, message })),
  );

/** The same of a member of what was sent. */
export const invalidWithin = (member: string, issues: readonly z.core.$ZodIssue[]) =>
  invalid({ issues: issues.map((issue) => ({ ...issue, path: [member, ...issue.path] })) });
