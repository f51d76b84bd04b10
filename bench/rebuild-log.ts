import { createHash, randomUUID } from 'node:crypto';
import type { Fact } from '../src/domain/events.ts';
import { arrivalIdOf, arrivalStream, invocationIdOf, invocationStream } from '../src/domain/ids.ts';
import { defaultRetryPolicy } from '../src/domain/retry-policy.ts';
import type { EventStore, ExpectedRevision } from '../src/store/event-store.ts';
import { bodyOf } from './delivery.ts';

const bodyBytes = 800;
/** Stories that are under way at once, so that their events lie mixed in the log. */
const concurrent = 1_024;

const triggers = Array.from({ length: 20 }, () => randomUUID());
const owner = randomUUID();

/** One delivery from arrival to answer: four events in two streams. */
const tellStory = async (store: EventStore, ordinal: number): Promise<void> => {
  const workspace = `workspace-${ordinal % 5}`;
  const triggerId = triggers[ordinal % triggers.length] ?? owner;
  const deliveryId = randomUUID();
  const arrivalId = arrivalIdOf(workspace, triggerId, deliveryId);
  const invocationId = invocationIdOf(arrivalId, triggerId);
  const content = bodyOf(deliveryId, bodyBytes);
  const bodySha256 = createHash('sha256').update(content).digest('hex');
  const append = (
    stream: string,
    expected: ExpectedRevision,
    actor: string,
    facts: readonly Fact[],
  ) =>
    store.append(
      stream,
      expected,
      facts.map((fact) => ({
        id: randomUUID(),
        ...fact,
        metadata: {
          workspace,
          actor,
          occurredAt: new Date().toISOString(),
          schemaVersion: 1,
          $correlationId: arrivalId,
          $causationId: randomUUID(),
        },
      })),
    );
  const attempt = { invocationId, triggerId, attempt: 1, attemptId: randomUUID() };
  await append(arrivalStream(arrivalId), 'no_stream', 'sender:github', [
    {
      type: 'EventArrived',
      data: {
        arrivalId,
        source: { kind: 'webhook', key: `/hooks/${ordinal % triggers.length}` },
        deliveryId,
        request: {
          method: 'POST',
          path: `/workspace/${workspace}/api/v1/webhook/hooks/${ordinal % triggers.length}`,
          query: {},
          headers: {
            'content-type': 'application/json',
            'user-agent': 'GitHub-Hookshot/044aadd',
            'x-github-event': 'push',
            'x-github-delivery': deliveryId,
          },
          remote: '127.0.0.1',
        },
        verification: { scheme: 'github', secret: 0 },
        body: { encoding: 'utf8', content },
        bodySha256,
      },
    },
  ]);
  await append(invocationStream(invocationId), 'no_stream', 'system:router', [
    {
      type: 'InvocationQueued',
      data: {
        invocationId,
        triggerId,
        functionId: triggerId,
        arrivalId,
        triggerVersion: 1,
        orderingKey: null,
        policy: defaultRetryPolicy,
        timeoutMs: 15_000,
        retryOf: null,
      },
    },
    {
      type: 'InvocationStarted',
      data: { ...attempt, claimedBy: owner, leaseUntil: new Date().toISOString() },
    },
  ]);
  await append(invocationStream(invocationId), 1, 'system:dispatcher', [
    {
      type: 'InvocationSucceeded',
      data: {
        ...attempt,
        durationMs: 3.25,
        answer: {
          status: 200,
          contentType: 'application/json',
          body: { encoding: 'utf8', content: '{"ok":true,"handled":1}' },
          truncated: false,
        },
      },
    },
  ]);
};

/** Fills a log with at least `events` events, through the store itself. */
export const writeLog = async (store: EventStore, events: number): Promise<void> => {
  let next = 0;
  const tell = async (): Promise<void> => {
    while (next * 4 < events) {
      next += 1;
      await tellStory(store, next);
    }
  };
  await Promise.all(Array.from({ length: concurrent }, tell));
};
