/** Whatever claims to be later than this is garbage, not patience. */
const believableMs = 366 * 86_400_000;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const month = `(?<month>${months.join('|')})`;
const time = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';
const short = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const long = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';

/** The three forms of a date that HTTP has had; a recipient takes all of them (RFC 9110 §5.6.7). */
const forms = [
  new RegExp(`^${short}, (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} GMT$`),
  new RegExp(`^${long}, (?<day>\\d\\d)-${month}-(?<year>\\d\\d) ${time} GMT$`),
  new RegExp(`^${short} ${month} (?<day>[ \\d]\\d) ${time} (?<year>\\d{4})$`),
];

/** Two digits are of this century: what was long ago by that is past, what is to be, unbelievable. */
const yearOf = (digits: string, now: number): number => {
  const present = new Date(now).getUTCFullYear();
  return digits.length > 2 ? Number(digits) : present - (present % 100) + Number(digits);
};

const dateIn = (text: string, now: number): number => {
  for (const form of forms) {
    const groups = form.exec(text)?.groups;
    if (groups === undefined) continue;
    const { year = '', month: name = '', day, hour, minute, second } = groups;
    const date = [yearOf(year, now), months.indexOf(name), Number(day)] as const;
    return Date.UTC(...date, Number(hour), Number(minute), Number(second));
  }
  return Number.NaN;
};

const seconds = /^\d{1,9}$/;

/**
 * `Retry-After` (RFC 9110 §10.2.3) in milliseconds from `now`; null where it is absent, past or
 * not to be believed.
 */
export const retryAfterMs = (header: string | undefined, now: number): number | null => {
  const text = header?.trim() ?? '';
  const wait = seconds.test(text) ? Number(text) * 1_000 : dateIn(text, now) - now;
  return wait > 0 && wait <= believableMs ? wait : null;
};
