import type { Json } from '../domain/json.ts';
import { canonical } from './canonical.ts';
import { countIn, isArray, type Keyword, noSchema, schemasIn } from './keyword.ts';
import { Evaluated, type Rule, type Run } from './run.ts';

type OfArray = (value: readonly Json[], at: string, run: Run, evaluated: Evaluated) => boolean;

const ofArray =
  (rule: OfArray): Rule =>
  (value, at, run, evaluated) =>
    !isArray(value) || rule(value, at, run, evaluated);

/** Asks each of these items, also behind one that is wrong. */
const items = (
  value: readonly Json[],
  at: string,
  run: Run,
  evaluated: Evaluated,
  ruleOf: (index: number) => Rule | undefined,
): boolean => {
  let isRight = true;
  for (const [index, item] of value.entries()) {
    run.steps.take(1);
    const rule = ruleOf(index);
    if (rule === undefined) continue;
    evaluated.items.add(index);
    isRight = rule(item, `${at}/${index}`, run, new Evaluated()) && isRight;
  }
  return isRight;
};

const prefixItems: Keyword = (wanted, place) => {
  const rules = schemasIn(wanted, place).map((schema, index) => place.sub(schema, `/${index}`));
  return ofArray((value, at, run, evaluated) =>
    items(value, at, run, evaluated, (index) => rules[index]),
  );
};

const others: Keyword = (wanted, place) => {
  const { prefixItems: prefix } = place.schema;
  const from = isArray(prefix) ? prefix.length : 0;
  const rule = place.sub(wanted);
  return ofArray((value, at, run, evaluated) =>
    items(value, at, run, evaluated, (index) => (index < from ? undefined : rule)),
  );
};

const unevaluatedItems: Keyword = (wanted, place) => {
  const rule = place.sub(wanted);
  return ofArray((value, at, run, evaluated) =>
    items(value, at, run, evaluated, (index) => (evaluated.items.has(index) ? undefined : rule)),
  );
};

const contains: Keyword = (wanted, place) => {
  const { minContains = 1, maxContains } = place.schema;
  const least = countIn(minContains, { at: `${place.at}/../minContains` });
  const most = maxContains === undefined ? Number.POSITIVE_INFINITY : countIn(maxContains, place);
  const rule = place.sub(wanted);
  return ofArray((value, at, run, evaluated) => {
    let found = 0;
    for (const [index, item] of value.entries()) {
      if (!run.quietly(() => rule(item, at, run, new Evaluated()))) continue;
      found += 1;
      evaluated.items.add(index);
    }
    const isRight = found >= least && found <= most;
    const bounds = most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`;
    return isRight || run.refuse(at, `must contain ${bounds} items that its schema wants`, value);
  });
};

const uniqueItems: Keyword = (wanted, { at }) => {
  if (typeof wanted !== 'boolean') throw noSchema(at, 'must be true or false');
  return ofArray((value, place, run) => {
    if (!wanted) return true;
    const texts = new Set(value.map((item) => canonical(item, run.steps)));
    return texts.size === value.length || run.refuse(place, 'must have no item twice', value);
  });
};

const size =
  (words: string, holds: (size: number, bound: number) => boolean): Keyword =>
  (wanted, place) => {
    const limit = countIn(wanted, place);
    return ofArray(
      (value, at, run) =>
        holds(value.length, limit) || run.refuse(at, `must have ${words} ${limit} items`, value),
    );
  };

export const arrays: Readonly<Record<string, Keyword>> = {
  prefixItems,
  items: others,
  contains,
  uniqueItems,
  minItems: size('at least', (found, limit) => found >= limit),
  maxItems: size('at most', (found, limit) => found <= limit),
};

/** Asked when all others have looked. */
export const lastOfArrays: Readonly<Record<string, Keyword>> = { unevaluatedItems };
