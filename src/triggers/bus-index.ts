import type { KeyIndex, Origin } from './kind.ts';

/** An empty source is none. */
export const busEventKey = (eventType: string, source: string | null): string =>
  JSON.stringify(source === null || source === '' ? [eventType] : [eventType, source]);

export const busEventOrigin = (key: string): Origin => {
  const [type, source = ''] = JSON.parse(key) as [string, string?];
  return { source, type };
};

/** An event concerns those who want its type from anywhere, and those who want it from its source. */
export const createBusIndex = (): KeyIndex => ({
  add() {},
  remove() {},
  matching(key) {
    const [eventType] = JSON.parse(key) as [string];
    const anySource = busEventKey(eventType, null);
    return anySource === key ? [key] : [anySource, key];
  },
});
