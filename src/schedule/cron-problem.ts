import { cronFieldsOf } from './cron-fields.ts';
import { nextWallTime } from './wall-time.ts';

const longestExpression = 256;
const nicknames = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

const nicknameProblem = (expression: string): string | undefined =>
  nicknames.includes(expression.toLowerCase())
    ? undefined
    : `must be a cron expression or one of ${nicknames.join(', ')}; for "every so often" use interval`;

const fieldsProblem = (expression: string): string | undefined => {
  const count = expression === '' ? 0 : expression.split(/\s+/).length;
  if (count === 5 || count === 6) return undefined;
  const years = count === 7 ? '; startAt and endAt bound the years' : '';
  return `must have 5 fields, or 6 with seconds in front, not ${count}${years}`;
};

/** Where it means anything at all: one of the two fields for days is left to the other. */
const questionProblem = (expression: string): string | undefined => {
  const fields = expression.split(/\s+/);
  const days = [fields.length - 3, fields.length - 1];
  return fields.some((field, place) => field.includes('?') && !days.includes(place))
    ? 'can have ? for the day of the month or of the week only'
    : undefined;
};

const plain = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace('CronPattern: ', '');

const syntaxProblem = (expression: string): string | undefined => {
  try {
    return nextWallTime(cronFieldsOf(expression), 0) === undefined ? 'never fires' : undefined;
  } catch (error) {
    return `is not a cron expression: ${plain(error)}`;
  }
};

/** Why an expression is refused, in words that follow its field's name. */
export const cronProblem = (expression: string): string | undefined => {
  if (expression.length > longestExpression) {
    return `must have at most ${longestExpression} characters`;
  }
  const shape = expression.startsWith('@') ? nicknameProblem : fieldsProblem;
  return shape(expression) ?? questionProblem(expression) ?? syntaxProblem(expression);
};
