import { excerptOf } from '../excerpt.ts';
import type { Faults } from './faults.ts';
import { isInteger, type Value } from './value.ts';

const integerForm = /^[+-]?\d+$/;

const refuse = <Zero>(value: Value, type: string, zero: Zero, faults: Faults): Zero => {
  faults.add('CastError', `${excerptOf(value)} is no ${type}`);
  return zero;
};

/** Casts notice a fault where there is no such value, and give the type's zero. */
export const integerOf = (value: Value, faults: Faults): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = integerForm.test(value) ? Number(value) : Number.NaN;
  return isInteger(number) ? number + 0 : refuse(value, 'Integer', 0, faults);
};

export const booleanOf = (value: Value, faults: Faults): boolean => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  const word = value.length > 5 ? '' : value.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  return refuse(value, 'Boolean', false, faults);
};

export const stringOf = (value: Value): string => String(value);

/** To the type of another value. */
export const likeType = (value: Value, other: Value, faults: Faults): Value => {
  if (typeof other === 'string') return stringOf(value);
  return typeof other === 'number' ? integerOf(value, faults) : booleanOf(value, faults);
};
