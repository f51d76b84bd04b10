import { SlotMap } from '../domain/slot-map.ts';

export interface Recent<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
}

/** Keeps the `capacity` entries used last. */
export const createRecent = <Value>(capacity: number): Recent<Value> => {
  // Keys are listed in the order of insertion, so the first one is the least recently used.
  const entries = new SlotMap<Value>();

  return {
    get(key) {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= capacity) return;
      const [oldest = key] = entries.keys();
      entries.delete(oldest);
    },
    delete: (key) => {
      entries.delete(key);
    },
  };
};
