import { type Keyword, schemasIn } from './keyword.ts';
import { Evaluated, type Rule } from './run.ts';

const rulesIn = (...[wanted, place]: Parameters<Keyword>): readonly Rule[] =>
  schemasIn(wanted, place).map((schema, index) => place.sub(schema, `/${index}`, true));

/** What a schema that does not hold has looked at does not count. */
const asked = (rule: Rule, ...[value, at, run, evaluated]: Parameters<Rule>): boolean => {
  const own = new Evaluated();
  const holds = rule(value, at, run, own);
  run.steps.take(own.properties.size + own.items.size);
  if (holds) evaluated.include(own);
  return holds;
};

const allOf: Keyword = (wanted, place) => {
  const rules = rulesIn(wanted, place);
  return (...it) => rules.map((rule) => asked(rule, ...it)).every(Boolean);
};

const anyOf: Keyword = (wanted, place) => {
  const rules = rulesIn(wanted, place);
  return (...it) => {
    const [value, at, run] = it;
    const held = rules.filter((rule) => run.quietly(() => asked(rule, ...it)));
    return (
      held.length > 0 || run.refuse(at, `must be as one of ${rules.length} schemas wants`, value)
    );
  };
};

const oneOf: Keyword = (wanted, place) => {
  const rules = rulesIn(wanted, place);
  return (...it) => {
    const [value, at, run] = it;
    const { length } = rules.filter((rule) => run.quietly(() => asked(rule, ...it)));
    const expected = `must be as exactly one of ${rules.length} schemas wants, not ${length}`;
    return length === 1 || run.refuse(at, expected, value);
  };
};

const not: Keyword = (wanted, place) => {
  const rule = place.sub(wanted, '', true);
  return (value, at, run) =>
    !run.quietly(() => rule(value, at, run, new Evaluated())) ||
    run.refuse(at, 'must not be as the schema under not wants', value);
};

const condition: Keyword = (wanted, place) => {
  const { then = true, else: otherwise = true } = place.schema;
  const rule = place.sub(wanted, '', true);
  const ifSo = place.sub(then, '/../then', true);
  const ifNot = place.sub(otherwise, '/../else', true);
  return (...it) =>
    it[2].quietly(() => asked(rule, ...it)) ? asked(ifSo, ...it) : asked(ifNot, ...it);
};

/** Schemas that are asked of the same value. */
export const combined: Readonly<Record<string, Keyword>> = {
  allOf,
  anyOf,
  oneOf,
  not,
  if: condition,
};
