export type Value = string | number | boolean;
export type Type = 'String' | 'Integer' | 'Boolean';

export const typeOf = (value: Value): Type => {
  if (typeof value === 'string') return 'String';
  return typeof value === 'number' ? 'Integer' : 'Boolean';
};

const smallest = -2_147_483_648;
export const largest = 2_147_483_647;

export const isInteger = (value: number): boolean =>
  Number.isInteger(value) && value >= smallest && value <= largest;
