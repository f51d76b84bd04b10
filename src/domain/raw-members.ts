import { depthSteps, endOfString } from './json-body.ts';

const isBlank = (unit: string | undefined): boolean =>
  unit === ' ' || unit === '\n' || unit === '\r' || unit === '\t';

const afterBlanks = (text: string, start: number): number => {
  let at = start;
  while (isBlank(text[at])) at += 1;
  return at;
};

/** The comma or brace behind the value that begins at `start`. */
const endOfValue = (text: string, start: number): number => {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const unit = text[at];
    if (depth === 0 && (unit === ',' || unit === '}')) return at;
    if (unit === '"') at = endOfString(text, at);
    else depth += depthSteps[text.charCodeAt(at)] ?? 0;
  }
  return text.length;
};

/**
 * The members of a JSON object, each value as it was written: digits, key order and `__proto__`
 * survive. Of several members of one name the last counts. The text must be valid JSON.
 */
export const rawMembers = (text: string): ReadonlyMap<string, string> => {
  const members = new Map<string, string>();
  let at = afterBlanks(text, afterBlanks(text, 0) + 1);
  while (text[at] === '"') {
    const end = endOfString(text, at) + 1;
    const value = afterBlanks(text, afterBlanks(text, end) + 1);
    const behind = endOfValue(text, value);
    members.set(JSON.parse(text.slice(at, end)), text.slice(value, behind).trimEnd());
    at = afterBlanks(text, behind + 1);
  }
  return members;
};
