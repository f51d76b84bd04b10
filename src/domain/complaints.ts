import type { z } from 'zod';

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

/** What a schema says of a member of a trigger's metadata where it has no words of its own. */
export const sentenceOf = (issue: Issue): string =>
  issue.code === 'invalid_type' && issue.input === undefined ? 'is required' : mustOf(issue);

/** What a schema says of a member where it has no words of its own; follows the member's name. */
export const complaintOf = (issue: z.core.$ZodRawIssue): string => {
  if (issue.code === 'invalid_format') return `must be a valid ${issue.format}`;
  const ofText = 'origin' in issue && issue.origin === 'string';
  if (issue.code === 'too_small' && ofText)
    return issue.minimum === 1
      ? 'must not be empty'
      : `must have at least ${issue.minimum} characters`;
  if (issue.code === 'too_big' && ofText) return `must have at most ${issue.maximum} characters`;
  return sentenceOf(issue);
};
