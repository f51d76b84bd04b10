type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Members that were left out must not become members without a value. */
export const given = <T extends object>(members: T): Given<T> =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Given<T>;
