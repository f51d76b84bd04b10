import { type TriggerEntry, triggerKey } from '../../projections/registry.ts';
import type { Sealed } from '../domain/facts/sealed.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { type Difference, differencesIn } from '../domain/json-difference.ts';
import { createPastRegistry } from '../routing/registry-as-of.ts';
import { functionFor } from '../routing/registry-index.ts';
import { textWith } from '../triggers/invocation-body.ts';
import type { Arrival } from '../triggers/kind.ts';
import type { SentAs } from '../views/arrival-source.ts';
import { everyDocument } from '../views/every-document.ts';
import type { OperationsDeps } from './deps.ts';
import { createSecretMasks, isOneOf } from './secret-masks.ts';
import { kindOf } from './trigger-definition.ts';

type Deps = Pick<OperationsDeps, 'engine' | 'views' | 'kinds' | 'sealing' | 'chance'>;

/** Of everything that comes from outside there is a word for what it is, and the same one twice. */
const anything: Arrival = {
  arrivalId: '(event)',
  source: { kind: '(kind)', key: '(key)' },
  deliveryId: null,
  request: { method: 'POST', path: '', query: {}, headers: {}, remote: '' },
  verification: null,
  body: { encoding: 'utf8', content: '(body)' },
};
const forms = { json: '"(the body)"', base64: () => '(the body in base64)' };

/**
 * Member by member, how what the function is sent would differ from what it was sent for the same
 * event; functions are taken as they are now. No secret is in it: of one that differs it says so.
 */
export const createSentDifferences = (
  { engine, views, kinds, sealing, chance }: Deps,
  present: TriggerEntry,
  supposed: TriggerEntry,
): ((sent: SentAs) => Promise<readonly Difference[]>) => {
  const { workspace, triggerId } = present;
  const masks = createSecretMasks({ workspace, triggerId, keyRing: sealing }, chance);
  const known = new Map<string, readonly Difference[]>();

  const triggerAsOf = async (version: number): Promise<TriggerEntry | undefined> => {
    if (version === present.version) return present;
    const past = createPastRegistry(kinds);
    const where = { workspace, entity: triggerKey(triggerId) };
    let found: TriggerEntry | undefined;
    for await (const change of everyDocument(views, 'registry-changes', { where })) {
      past.tell(change);
      const entry = past.index.triggerById(triggerId);
      if (entry !== undefined && entry.version > version) break;
      if (entry?.version === version) found = entry;
    }
    return found;
  };

  const sentBy = (
    trigger: TriggerEntry,
    functionId: string,
    isOnRecord: (sealed: Sealed) => boolean,
  ): Json => {
    const { params = {} } = masks.masked(
      { params: trigger.triggerMetadata['params'] ?? {} },
      isOnRecord,
    );
    const text = textWith(
      {
        kind: kindOf(kinds, trigger.executionType),
        arrival: anything,
        arrivedAt: '',
        trigger,
        functionId,
        send: functionFor(engine.registry, { workspace, functionId })?.send,
        workspace,
        invocationId: '',
        attempt: 1,
        params,
      },
      forms,
    );
    return JSON.parse(text) as JsonObject;
  };

  const after = sentBy(supposed, supposed.functionId, isOneOf(present.triggerMetadata));

  const shown = ({ path, ...values }: Difference): Difference => ({
    path,
    ...('before' in values && { before: masks.shown(values.before as Json) }),
    ...('after' in values && { after: masks.shown(values.after as Json) }),
  });

  const compared = async ({ version, functionId }: SentAs): Promise<readonly Difference[]> => {
    const then = await triggerAsOf(version);
    if (then === undefined) return [];
    return differencesIn(
      sentBy(then, functionId, () => true),
      after,
    ).map(shown);
  };

  return async (sent) => {
    const name = `${sent.version}/${sent.functionId}`;
    const differences = known.get(name) ?? (await compared(sent));
    known.set(name, differences);
    return differences;
  };
};
