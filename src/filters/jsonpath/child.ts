import type { Json } from '../../domain/json.ts';
import { isList, isObject } from '../definition.ts';
import { ownMember } from '../member.ts';
import { indexAt } from './indices.ts';
import type { Step } from './query.ts';

/** The member or element that a step leads to; undefined where there is none. */
export const childAt = (value: Json, step: Step): Json | undefined => {
  if (step.selects === 'name') return isObject(value) ? ownMember(value, step.name) : undefined;
  return isList(value) ? value[indexAt(step.index, value.length)] : undefined;
};
