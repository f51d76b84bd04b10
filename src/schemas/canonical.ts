import type { Json } from '../domain/json.ts';
import type { Steps } from '../filters/steps.ts';

/** A text that equal values share, whatever the order of their members. */
export const canonical = (value: Json, steps: Steps): string => {
  if (typeof value !== 'object' || value === null) {
    steps.take(typeof value === 'string' ? 4 + value.length / 16 : 4);
    return JSON.stringify(value);
  }
  steps.take(4);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, steps)).join()}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name] of members) steps.take(name.length / 16);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member, steps)}`).join()}}`;
};
