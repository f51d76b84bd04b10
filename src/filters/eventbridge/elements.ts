import type { Json } from '../../domain/json.ts';
import { isList } from '../definition.ts';
import type { Steps } from '../steps.ts';

/**
 * Whether some value holds of those that are no lists: `value` itself, or what is within it, however
 * deep. What is open stands in a list of its own, so that no nesting is too deep for it.
 */
export const someElement = (
  value: Json | undefined,
  steps: Steps,
  holds: (element: Json) => boolean,
): boolean => {
  if (value === undefined) return false;
  if (!isList(value)) {
    steps.take(1);
    return holds(value);
  }
  const open: (readonly Json[])[] = [value];
  for (let list = open.pop(); list !== undefined; list = open.pop()) {
    for (const element of list) {
      steps.take(1);
      if (isList(element)) open.push(element);
      else if (holds(element)) return true;
    }
  }
  return false;
};
