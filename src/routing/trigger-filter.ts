import type { TriggerEntry } from '../../projections/registry.ts';
import type { Json } from '../domain/json.ts';
import { filterLanguages } from '../filters/index.ts';
import type { Filter, FilterInput, Mismatch } from '../filters/language.ts';
import type { TriggerConfig } from '../triggers/kind.ts';

const formOf = ({ triggerMetadata }: TriggerEntry) => (triggerMetadata as TriggerConfig).filter;

export const hasFilter = (trigger: TriggerEntry): boolean => formOf(trigger) !== undefined;

/** Nobody can tell what it wants: it is in a language that is gone, or was read in another way once. */
const unreadable = (language: string): Filter => {
  const mismatch = { language, predicate: '', path: '', expected: 'a filter that can be read' };
  return { matches: () => false, explain: () => mismatch };
};

const compile = (language: string, definition: Json): Filter => {
  try {
    return filterLanguages.get(language)?.compile(definition) ?? unreadable(language);
  } catch {
    return unreadable(language);
  }
};

/** Entries are replaced when they change, so what one wants is worked out once. */
const compiled = new WeakMap<TriggerEntry, Filter>();

const filterOf = (trigger: TriggerEntry): Filter | undefined => {
  const form = formOf(trigger);
  if (form === undefined) return undefined;
  const known = compiled.get(trigger);
  if (known !== undefined) return known;
  const [[language, definition] = ['', null]] = Object.entries(form as Record<string, Json>);
  const filter = compile(language, definition);
  compiled.set(trigger, filter);
  return filter;
};

/** Whether the trigger wants what has reached it. */
export const wants = (trigger: TriggerEntry, seen: () => FilterInput): boolean =>
  filterOf(trigger)?.matches(seen()) ?? true;

/** Why it does not; undefined where it does. */
export const whyUnwanted = (trigger: TriggerEntry, seen: () => FilterInput): Mismatch | undefined =>
  filterOf(trigger)?.explain(seen());
