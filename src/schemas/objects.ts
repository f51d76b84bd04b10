import type { Json, JsonObject } from '../domain/json.ts';
import { countIn, isObject, type Keyword, namesIn, objectIn, token } from './keyword.ts';
import { Evaluated, type Rule, type Run } from './run.ts';

type OfObject = (value: JsonObject, at: string, run: Run, evaluated: Evaluated) => boolean;

const ofObject =
  (rule: OfObject): Rule =>
  (value, at, run, evaluated) =>
    !isObject(value) || rule(value, at, run, evaluated);

/** Asks each of these members, also behind one that is wrong. */
const members = (
  value: JsonObject,
  at: string,
  run: Run,
  evaluated: Evaluated,
  ruleOf: (name: string) => readonly Rule[],
): boolean => {
  let isRight = true;
  for (const [name, member] of Object.entries(value)) {
    run.steps.take(1 + name.length / 16);
    const rules = ruleOf(name);
    if (rules.length > 0) evaluated.properties.add(name);
    for (const rule of rules)
      isRight = rule(member, `${at}/${token(name)}`, run, new Evaluated()) && isRight;
  }
  return isRight;
};

const properties: Keyword = (wanted, place) => {
  const rules = new Map(
    Object.entries(objectIn(wanted, place)).map(([name, schema]) => [
      name,
      [place.sub(schema, `/${token(name)}`)],
    ]),
  );
  return ofObject((value, at, run, evaluated) =>
    members(value, at, run, evaluated, (name) => rules.get(name) ?? []),
  );
};

const patternProperties: Keyword = (wanted, place) => {
  const rules = Object.entries(objectIn(wanted, place)).map(([pattern, schema]) => ({
    test: place.pattern(pattern, `${place.at}/${token(pattern)}`),
    rule: place.sub(schema, `/${token(pattern)}`),
  }));
  return ofObject((value, at, run, evaluated) =>
    members(value, at, run, evaluated, (name) =>
      rules.filter(({ test }) => test(name, run.steps)).map(({ rule }) => rule),
    ),
  );
};

const additionalProperties: Keyword = (wanted, place) => {
  const { properties: named = {}, patternProperties: patterns = {} } = place.schema;
  const names = new Set(isObject(named) ? Object.keys(named) : []);
  const tests = Object.keys(isObject(patterns) ? patterns : {}).map((each) =>
    place.pattern(each, place.at),
  );
  const rule = [place.sub(wanted)];
  return ofObject((value, at, run, evaluated) =>
    members(value, at, run, evaluated, (name) =>
      names.has(name) || tests.some((test) => test(name, run.steps)) ? [] : rule,
    ),
  );
};

const unevaluatedProperties: Keyword = (wanted, place) => {
  const rule = [place.sub(wanted)];
  return ofObject((value, at, run, evaluated) =>
    members(value, at, run, evaluated, (name) => (evaluated.properties.has(name) ? [] : rule)),
  );
};

const has = (value: JsonObject, name: string): boolean => Object.hasOwn(value, name);

interface Needed {
  readonly name: string;
  readonly expected: string;
}

const neededIn = (wanted: Json, at: string): readonly Needed[] =>
  namesIn(wanted, at).map((name) => ({
    name,
    expected: `must have the member ${JSON.stringify(name.slice(0, 200))}`,
  }));

const hasAll = (needed: readonly Needed[], value: JsonObject, at: string, run: Run): boolean => {
  run.steps.take(needed.length);
  const missing = needed.filter(({ name }) => !has(value, name));
  for (const { expected } of missing) run.refuse(at, expected, value);
  return missing.length === 0;
};

const required: Keyword = (wanted, place) => {
  const names = neededIn(wanted, place.at);
  return ofObject((value, at, run) => hasAll(names, value, at, run));
};

const dependentRequired: Keyword = (wanted, place) => {
  const dependent = Object.entries(objectIn(wanted, place)).map(
    ([name, names]) => [name, neededIn(names, `${place.at}/${token(name)}`)] as const,
  );
  return ofObject((value, at, run) => {
    run.steps.take(dependent.length);
    return dependent.every(([name, names]) => !has(value, name) || hasAll(names, value, at, run));
  });
};

const dependentSchemas: Keyword = (wanted, place) => {
  const dependent = Object.entries(objectIn(wanted, place)).map(
    ([name, schema]) => [name, place.sub(schema, `/${token(name)}`, true)] as const,
  );
  return ofObject((value, at, run, evaluated) => {
    run.steps.take(dependent.length);
    return dependent.every(([name, rule]) => !has(value, name) || rule(value, at, run, evaluated));
  });
};

const propertyNames: Keyword = (wanted, place) => {
  const rule = place.sub(wanted);
  return ofObject((value, at, run) =>
    Object.keys(value).every((name) => {
      run.steps.take(1 + name.length / 16);
      return rule(name, `${at}/${token(name)}`, run, new Evaluated());
    }),
  );
};

const size =
  (words: string, holds: (size: number, bound: number) => boolean): Keyword =>
  (wanted, place) => {
    const limit = countIn(wanted, place);
    return ofObject((value, at, run) => {
      const { length } = Object.keys(value);
      run.steps.take(length);
      return holds(length, limit) || run.refuse(at, `must have ${words} ${limit} members`, value);
    });
  };

export const objects: Readonly<Record<string, Keyword>> = {
  properties,
  patternProperties,
  additionalProperties,
  required,
  dependentRequired,
  dependentSchemas,
  propertyNames,
  minProperties: size('at least', (members, limit) => members >= limit),
  maxProperties: size('at most', (members, limit) => members <= limit),
};

/** Asked when all others have looked. */
export const lastOfObjects: Readonly<Record<string, Keyword>> = { unevaluatedProperties };
