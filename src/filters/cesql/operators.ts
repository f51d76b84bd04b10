import type { Arithmetic, Order } from './expression.ts';

export const orders: Readonly<Record<Order, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** Of integers; what they give may be none of 32 bits, or no number at all. */
export const calculations: Readonly<Record<Arithmetic, (left: number, right: number) => number>> = {
  '*': (left, right) => left * right,
  '/': (left, right) => Math.trunc(left / right),
  '%': (left, right) => left % right,
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
};
