import type { DataOf } from '../domain/events.ts';
import type { FunctionNow, Trigger } from './register.ts';

type Arrival = DataOf<'EventArrived'>;
type Queued = DataOf<'InvocationQueued'>;
type Policy = Queued['policy'];

/** On what terms an arrival is invoked. */
export interface Terms extends Pick<Queued, 'timeoutMs'> {
  readonly policy: Policy;
  /** Undefined where it is not worked out here. */
  readonly orderingKey: string | null | undefined;
}

/** The members of a trigger's metadata that say so, as its kind's schema has let them into the log. */
interface Wishes {
  readonly retry?: Partial<Policy>;
  readonly timeoutMs?: number;
  readonly orderingKey?: { readonly pointer: string } | { readonly header: string };
}

const standard: Policy = {
  maxAttempts: 5,
  initialDelayMs: 1_000,
  multiplier: 4,
  maxDelayMs: 3_600_000,
  retryStatuses: [408, 425, 429],
};
const standardTimeoutMs = 15_000;

/** Longer keys are put in another form. */
const longest = 200;
/** Deeper bodies, and those that begin with a byte order mark, counted as text in earlier releases. */
const deepest = 32;
const mark = '\ufeff';

const steps: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 };

const depthOf = (json: string): number => {
  let depth = 0;
  let most = 0;
  let quoted = false;
  for (let place = 0; place < json.length; place += 1) {
    const character = json[place] ?? '';
    if (character === '"') quoted = !quoted;
    else if (!quoted) depth += steps[character] ?? 0;
    else if (character === '\\') place += 1;
    most = Math.max(most, depth);
  }
  return most;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const at = (value: unknown, [token, ...others]: readonly string[]): unknown => {
  if (token === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined;
  return at((value as Readonly<Record<string, unknown>>)[token], others);
};

const tokensOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Text, numbers and booleans are keys; anything else is none. */
const keyOf = (value: unknown): string | null =>
  ['string', 'number', 'boolean'].includes(typeof value) && value !== '' ? String(value) : null;

/** Undefined where it is no text, or lies beside the log and is not at hand. */
const textOf = ({ body }: Arrival, bytes: () => Uint8Array | undefined): string | undefined => {
  if ('encoding' in body) return body.encoding === 'utf8' ? body.content : undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes()) || undefined;
  } catch {
    return undefined;
  }
};

const orderingKeyOf = (
  selector: Wishes['orderingKey'],
  arrival: Arrival,
  bytes: () => Uint8Array | undefined,
): Terms['orderingKey'] => {
  if (selector === undefined) return null;
  if ('header' in selector) return keyOf(arrival.request?.headers[selector.header.toLowerCase()]);
  const text = textOf(arrival, bytes);
  if (text === undefined || text.startsWith(mark) || depthOf(text) > deepest) return undefined;
  return keyOf(at(parsed(text), tokensOf(selector.pointer)));
};

/** The trigger's part wins over the function's, and that over what is usual. */
export const termsFor = (
  { metadata, workspace }: Trigger,
  named: FunctionNow | undefined,
  arrival: Arrival,
  bytes: () => Uint8Array | undefined = () => undefined,
): Terms => {
  const { retry, timeoutMs, orderingKey: selector } = metadata as Wishes;
  // A function of another workspace is none at all.
  const target = named?.workspace === workspace ? named : undefined;
  const key = orderingKeyOf(selector, arrival, bytes);
  return {
    policy: { ...standard, ...(target as Wishes | undefined)?.retry, ...retry },
    timeoutMs: timeoutMs ?? target?.timeoutMs ?? standardTimeoutMs,
    orderingKey: (key ?? '').length > longest ? undefined : key,
  };
};

/** Members in which an invocation was queued on other terms. */
export const otherThan = (terms: Terms, queued: Queued): readonly string[] => {
  const { policy, timeoutMs, orderingKey } = terms;
  const members = Object.keys(standard) as readonly (keyof Policy)[];
  const otherPolicy = members.filter(
    (member) => `${policy[member]}` !== `${queued.policy[member]}`,
  );
  return [
    ...otherPolicy,
    ...(timeoutMs === queued.timeoutMs ? [] : ['timeoutMs']),
    ...(orderingKey === undefined || orderingKey === queued.orderingKey ? [] : ['orderingKey']),
  ];
};
