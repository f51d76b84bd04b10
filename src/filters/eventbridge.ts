import { boundedFilter } from './bounded-filter.ts';
import { checkDefinition, invalidAt, isObject } from './definition.ts';
import { Evaluation, type EventDocument } from './eventbridge/evaluation.ts';
import { combinationsOf } from './eventbridge/pattern.ts';
import { treeOfCombination } from './eventbridge/tree.ts';
import type { FilterInput, FilterLanguage } from './language.ts';

const eventOf = (input: FilterInput): EventDocument => {
  const { payload, headers, query, source, type, attributes } = input;
  const { id, time } = attributes;
  return { payload, headers, query, source, type, id, time };
};

/**
 * Amazon EventBridge's event patterns. A pattern may say `detail` and `detail-type` for `payload`
 * and `type`, and sees the event's `id` and `time` beside what all filters see. Departs from it where
 * a field is named twice, which is refused and there the last one counts; where a name in an event
 * has dots, which make it no path here; and where a field has to be absent of an element of a list:
 * here it must be so of all of them, there that hangs on which of the names comes first.
 */
export const eventbridge: FilterLanguage = {
  name: 'eventbridge',
  compile: (definition) => {
    if (!isObject(definition)) throw invalidAt('', 'must be an object');
    checkDefinition(definition);
    const trees = combinationsOf(definition).map(treeOfCombination);
    const [first] = trees;
    if (first === undefined) throw new TypeError('a pattern has a combination');
    return boundedFilter('eventbridge', JSON.stringify(definition), {
      test: (input, steps) => {
        const evaluation = new Evaluation(eventOf(input), steps);
        return trees.some((tree) => evaluation.holds(tree));
      },
      why: (input, steps) => {
        const reason = new Evaluation(eventOf(input), steps).why(first);
        if (trees.length === 1) return reason;
        return { ...reason, expected: `${reason.expected}, or another branch of $or` };
      },
    });
  },
};
