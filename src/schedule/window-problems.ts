import type { Timing } from '../domain/trigger/timing.ts';
import { rhythmOf } from './planned.ts';

const ways = ['interval', 'cron', 'at'] as const;

/** `message` follows the name of its field. */
export interface Problem {
  readonly field: string;
  readonly message: string;
}

const combinationProblems = (config: Timing): readonly Problem[] => {
  const [first, ...others] = ways.filter((way) => config[way] !== undefined);
  if (first === undefined) {
    return [
      { field: 'interval', message: 'must be a positive integer, unless cron or at is given' },
    ];
  }
  const problems: Problem[] = others.map((field) => ({
    field,
    message: `cannot be combined with ${first}`,
  }));
  if (config.timezone !== undefined && config.cron === undefined) {
    problems.push({ field: 'timezone', message: 'has no meaning without cron' });
  }
  return problems;
};

const boundProblems = (config: Timing): readonly Problem[] => {
  const { at, startAt, endAt } = config;
  if (at !== undefined) {
    return (['startAt', 'endAt'] as const)
      .filter((field) => config[field] !== undefined)
      .map((field) => ({ field, message: 'cannot be combined with at' }));
  }
  if (startAt === undefined || endAt === undefined) return [];
  if (endAt <= startAt) return [{ field: 'endAt', message: 'must be later than startAt' }];
  const start = Date.parse(startAt);
  const first = rhythmOf(config, start).next(start - 1);
  const isEmpty = first === null || first >= Date.parse(endAt);
  return isEmpty ? [{ field: 'endAt', message: 'leaves no tick after startAt' }] : [];
};

/** What is wrong with members that are each fine alone. */
export const windowProblems = (config: Timing): readonly Problem[] => {
  const problems = combinationProblems(config);
  return problems.length > 0 ? problems : boundProblems(config);
};
