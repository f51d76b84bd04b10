import type { Views } from '../../src/views/views.ts';

/** Of whoever asks them nothing. */
export const noViews: Pick<Views, 'get' | 'find' | 'reached'> = {
  get: async () => undefined,
  find: async () => ({ documents: [], next: null }),
  reached: async () => {},
};
