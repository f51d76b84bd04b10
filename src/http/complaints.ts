import type { z } from 'zod';
import { sentenceOf } from '../triggers/parse-metadata.ts';

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
