/** The day-of-month and day-of-week fields of a cron expression, as croner reads them. */
export interface DayRule {
  /** Bit `d` is set where day `d` (1 to 31) is listed. */
  readonly dates: number;
  /** The `n` of each `nW`: the weekday nearest to day `n`, within its month. */
  readonly nearestWeekdays: readonly number[];
  /** `L`: the last day of the month. */
  readonly lastDay: boolean;
  /** `LW`: the last weekday of the month. */
  readonly lastWeekday: boolean;
  /** Per day of week, Sunday first: bits 0 to 4 for the first to fifth of a month, bit 5 for the last. */
  readonly weekdays: readonly number[];
  readonly anyDate: boolean;
  readonly anyWeekday: boolean;
  /** `+`: both fields have to match; without it, either is enough where both are given. */
  readonly both: boolean;
}

const saturday = 6;
const lastOfMonth = 32;

const nearestWeekday = (day: number, weekday: number, length: number): number => {
  if (weekday === saturday) return day === 1 ? day + 2 : day - 1;
  if (weekday === 0) return day === length ? day - 2 : day + 1;
  return day;
};

const datesIn = (rule: DayRule, firstWeekday: number, length: number): number => {
  const weekdayOf = (day: number): number => (firstWeekday + day - 1) % 7;
  let dates = rule.dates;
  for (const day of rule.nearestWeekdays) {
    if (day <= length) dates |= 1 << nearestWeekday(day, weekdayOf(day), length);
  }
  if (rule.lastDay) dates |= 1 << length;
  if (rule.lastWeekday) {
    const back = { 0: 2, [saturday]: 1 }[weekdayOf(length)] ?? 0;
    dates |= 1 << (length - back);
  }
  return dates;
};

const weekdaysIn = (rule: DayRule, firstWeekday: number, length: number): number => {
  let days = 0;
  for (let day = 1; day <= length; day += 1) {
    const wanted = rule.weekdays[(firstWeekday + day - 1) % 7] ?? 0;
    const ordinal = 1 << Math.floor((day - 1) / 7);
    const isLast = day + 7 > length;
    if (wanted & ordinal || (isLast && wanted & lastOfMonth)) days |= 1 << day;
  }
  return days;
};

/** The days of a month (0 to 11) that the rule names: bit `d` for day `d`. */
export const daysOf = (rule: DayRule, year: number, month: number): number => {
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const inMonth = length === 31 ? -2 : (1 << (length + 1)) - 2;
  if (rule.anyDate && rule.anyWeekday) return inMonth;
  const firstWeekday = new Date(Date.UTC(year, month, 1)).getUTCDay();
  const dates = datesIn(rule, firstWeekday, length) & inMonth;
  if (rule.anyWeekday) return dates;
  const weekdays = weekdaysIn(rule, firstWeekday, length);
  return rule.both || rule.anyDate ? dates & weekdays : dates | weekdays;
};
