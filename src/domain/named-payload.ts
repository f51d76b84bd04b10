import { PayloadName } from './payload-name.ts';
import type { StoredEvent } from './recorded.ts';

interface Members {
  readonly body?: unknown;
  readonly answer?: unknown;
  readonly failure?: unknown;
  readonly size?: unknown;
}

/** Where a fact of a type has the body that may lie beside it. */
const bearers: ReadonlyMap<string, (data: Members) => unknown> = new Map([
  ['EventArrived', (data: Members) => data],
  ['InvocationSucceeded', ({ answer }: Members) => answer],
  ['InvocationFailed', ({ failure }: Members) => failure],
  ['InvocationDeadLettered', ({ failure }: Members) => failure],
]);

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** What a fact names of bytes that lie beside the log; undefined where it names none. */
export const namedPayload = ({
  type,
  data,
}: Pick<StoredEvent, 'type' | 'data'>): PayloadName | undefined => {
  const bearer = isObject(data) ? bearers.get(type)?.(data) : undefined;
  const body = isObject(bearer) ? bearer.body : undefined;
  return isObject(body) && body.size !== undefined ? PayloadName.safeParse(body).data : undefined;
};
