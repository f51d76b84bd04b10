import { CronPattern } from 'croner';
import { type AllowedValues, allowedValues } from './allowed-values.ts';
import type { DayRule } from './day-rule.ts';

/** A cron expression, parsed by croner and kept small: a parsed pattern of croner weighs 80 KB. */
export interface CronFields {
  readonly seconds: AllowedValues;
  readonly minutes: AllowedValues;
  readonly hours: AllowedValues;
  /** Bit `m` is set where month `m` (0 to 11) is allowed. */
  readonly months: number;
  readonly days: DayRule;
  /**
   * True where seconds, minutes and hours are given without `*` and without a step, and none of them
   * takes every value there is: such an expression means times of day, which a change of clocks may
   * move but not lose or double. Others mean a rhythm, which runs through.
   */
  readonly fixedTime: boolean;
}

const bitsOf = (flags: readonly number[], shift: number): number =>
  flags.reduce((bits, flag, index) => (flag ? bits | (1 << (index + shift)) : bits), 0);

const dayRuleOf = (pattern: CronPattern): DayRule => ({
  dates: bitsOf(pattern.day, 1),
  nearestWeekdays: pattern.nearestWeekdays.flatMap((flag, index) => (flag ? [index + 1] : [])),
  lastDay: pattern.lastDayOfMonth,
  lastWeekday: pattern.lastWeekday,
  weekdays: pattern.dayOfWeek.slice(0, 7),
  anyDate: pattern.starDOM,
  anyWeekday: pattern.starDOW,
  both: pattern.useAndLogic,
});

/** Throws croner's own error where the expression is none. */
export const cronFieldsOf = (expression: string): CronFields => {
  const pattern = new CronPattern(expression, undefined, {
    mode: '5-or-6-parts',
    fixedTimeRule: 'no-wildcard',
  });
  const [seconds, minutes, hours] = [pattern.second, pattern.minute, pattern.hour];
  // `0-23` says in other characters what `*` does.
  const takesAll = [seconds, minutes, hours].some((flags) => flags.every((flag) => flag));
  return {
    seconds: allowedValues(seconds),
    minutes: allowedValues(minutes),
    hours: allowedValues(hours),
    months: bitsOf(pattern.month, 0),
    days: dayRuleOf(pattern),
    fixedTime: pattern.isFixedTime && !takesAll,
  };
};
