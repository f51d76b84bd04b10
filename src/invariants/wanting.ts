import type { DataOf } from '../domain/events.ts';
import type { Trigger } from './register.ts';

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One of these texts must be there. */
const isOneOf = (texts: readonly unknown[], value: unknown): boolean | undefined =>
  texts.every((text) => typeof text === 'string')
    ? texts.some((text) => text === value)
    : undefined;

/** Undefined where a pattern is more than members and lists of texts. */
const fits = (pattern: unknown, value: unknown): boolean | undefined => {
  if (Array.isArray(pattern)) return isOneOf(pattern, value);
  if (!isMembers(pattern)) return undefined;
  const verdicts = Object.entries(pattern).map(([name, inner]) =>
    fits(inner, isMembers(value) && Object.hasOwn(value, name) ? value[name] : undefined),
  );
  if (verdicts.includes(undefined)) return undefined;
  return !verdicts.includes(false);
};

const jsonOf = (
  { body }: DataOf<'EventArrived'>,
  bytes: () => Uint8Array | undefined,
): { readonly json: unknown } | undefined => {
  try {
    if ('encoding' in body)
      return body.encoding === 'utf8' ? { json: JSON.parse(body.content) } : undefined;
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { json: JSON.parse(decoder.decode(bytes())) };
  } catch {
    return undefined;
  }
};

/**
 * Whether a trigger's filter lets an arrival through, of filters that say which texts the payload must
 * have where; undefined of others, and where the body is no JSON or not at hand.
 */
export const isWantedBy = (
  { metadata }: Trigger,
  arrival: DataOf<'EventArrived'>,
  bytes: () => Uint8Array | undefined,
): boolean | undefined => {
  const filter: unknown = (metadata as Members)['filter'];
  if (filter === undefined) return true;
  const pattern = isMembers(filter) ? filter['eventfilter'] : undefined;
  if (!isMembers(pattern) || Object.keys(pattern).some((name) => name !== 'payload'))
    return undefined;
  const parsed = jsonOf(arrival, bytes);
  return parsed && fits(pattern['payload'], parsed.json);
};
