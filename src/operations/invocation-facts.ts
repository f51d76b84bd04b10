import type { InvocationDocument } from '../../projections/invocations.ts';
import { invocationStream } from '../domain/ids.ts';
import { asPosition } from '../domain/position.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { OperationsDeps } from './deps.ts';

const pageSize = 500;

/** All that is recorded of an invocation, in the order of the log. */
export const factsOf = async (
  { views }: Pick<OperationsDeps, 'views'>,
  { invocationId, workspace, position, lastPosition }: InvocationDocument,
): Promise<readonly StoredEvent[]> => {
  const facts: StoredEvent[] = [];
  const toPosition = asPosition(lastPosition);
  let after: string | undefined;
  do {
    const page = await views.audit(
      {
        ...{ workspace, entity: invocationStream(invocationId), order: 'asc', after },
        ...{ fromPosition: asPosition(position), toPosition, limit: pageSize },
      },
      toPosition,
    );
    facts.push(...page.events);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return facts;
};
