import { defineReactor } from './reactor.ts';

/** As with a single one: on record first, and then gone. */
export const expirePayloads = defineReactor({
  name: 'expire-payloads',
  on: { PayloadsExpired: ({ data }) => [{ type: 'expire', expired: data }] },
});
