/**
 * What `make` gives, worked out once for a key. What follows from its key alone is no state, so it
 * may be forgotten at any time: with `most` known, all of it is.
 */
export const createMemo = <Key, Value>(
  most: number,
  make: (key: Key) => Value,
): ((key: Key) => Value) => {
  const known = new Map<Key, Value>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = make(key);
    if (known.size >= most) known.clear();
    known.set(key, value);
    return value;
  };
};
