import { idOf } from '../domain/ids.ts';
import type { TriggerConfig } from './kind.ts';
import { type Selectable, select } from './selector.ts';

const longestKey = 200;

/**
 * What puts an invocation in line behind others of its trigger. Null where the trigger asks for no
 * order, or the event has no text, number or boolean at that place: such an event follows no line.
 */
export const orderingKeyOf = (
  { orderingKey }: Pick<TriggerConfig, 'orderingKey'>,
  arrival: Selectable,
): string | null => {
  const text = orderingKey === undefined ? null : select(orderingKey, arrival);
  return text !== null && text.length > longestKey ? idOf('ordering-key', text) : text;
};
