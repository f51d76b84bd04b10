import type { DataOf } from '../../src/domain/events.ts';

/** What the arrival at a planned instant says of it. */
export const tickIn = ({ body }: DataOf<'EventArrived'>) => {
  if (!('encoding' in body)) throw new Error('a tick lies in its fact');
  return JSON.parse(body.content);
};
