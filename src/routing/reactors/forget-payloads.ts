import { asPosition } from '../../domain/position.ts';
import { defineReactor } from './reactor.ts';

/** First it is on record that bytes are forgotten, then they go: a crash in between only delays that. */
export const forgetPayloads = defineReactor({
  name: 'forget-payloads',
  on: {
    PayloadForgotten: ({ data: { places } }) => [
      { type: 'forget', places: places.map(asPosition) },
    ],
  },
});
