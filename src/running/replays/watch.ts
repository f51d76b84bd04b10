/**
 * Whether somebody has begun or ended an invocation of a part since it was looked at. While one looks, all
 * that is touched is kept; then only what was found to be of interest.
 */
export const createWatch = () => {
  let heard: Set<string> | undefined = new Set();
  let watched: ReadonlySet<string> = new Set();
  let touched = false;
  return {
    keepTo(parts: readonly string[]): void {
      touched = parts.some((part) => heard?.has(part));
      watched = new Set(parts);
      heard = undefined;
    },
    touch(part: string): void {
      heard?.add(part);
      if (watched.has(part)) touched = true;
    },
    get isTouched(): boolean {
      return touched;
    },
  };
};

export type Watch = ReturnType<typeof createWatch>;
