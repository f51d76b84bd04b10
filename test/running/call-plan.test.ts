import { describe, expect, it } from 'vitest';
import type { FunctionEntry, TriggerEntry } from '../../projections/registry.ts';
import { systemChance } from '../../src/domain/chance.ts';
import type { Trace } from '../../src/domain/facts/arrival-facts.ts';
import { piecesOf } from '../../src/domain/long-body.ts';
import type { BodyAtHand } from '../../src/domain/payload.ts';
import { payloadOf } from '../../src/domain/payload-of.ts';
import { traceParentOf } from '../../src/domain/trace-context.ts';
import type { Arrival } from '../../src/log/read-arrival.ts';
import type { ArrivalAtHand } from '../../src/running/arrival-memory.ts';
import { type CallPlannerDeps, createCallPlanner } from '../../src/running/call-plan.ts';
import { Ticket, type TicketInfo } from '../../src/running/ticket.ts';
import { createKeyRing } from '../../src/sealing/key-ring.ts';
import { triggerKinds } from '../../src/triggers/index.ts';
import { arrived, now } from '../domain/examples.ts';
import { createTestClock } from './test-clock.ts';
import { signingSecret } from './world.ts';

const workspace = 'acme';
const sealing = createKeyRing([{ version: 1, key: Buffer.alloc(32, 7) }], systemChance);
const sealed = (secret: string, functionId = 'function-1') =>
  sealing.seal(secret, [workspace, functionId, 'signingSecret']);

const target = {
  ...{ entity: 'function', workspace, functionId: 'function-1', version: 1 },
  target: { type: 'http', url: 'http://127.0.0.1:1/' },
  ...{ signingSecret: sealed(signingSecret), previousSecret: null, previousUntil: null },
} as unknown as FunctionEntry;

const trigger = {
  ...{ entity: 'trigger', workspace, triggerId: 'trigger-1', functionId: 'function-1' },
  ...{ name: 'as it is', executionType: 'webhook', triggerMetadata: { path: '/a' }, version: 3 },
} as unknown as TriggerEntry;

const info: TicketInfo = {
  ...{ invocationId: 'invocation-1', workspace, triggerId: 'trigger-1', functionId: 'function-1' },
  ...{ orderingKey: null, timeoutMs: 1_000, correlationId: 'correlation-1' },
};
const ticketOf = (more: Partial<TicketInfo> = {}): Ticket => new Ticket({ ...info, ...more }, 1);

const atHand = (trace?: Trace, content: BodyAtHand = payloadOf(Buffer.from('{"a":1}'))) =>
  ({
    arrival: {
      data: { ...arrived.data, ...(trace && { trace }) },
      metadata: { occurredAt: now },
    } as unknown as Arrival,
    body: content,
  }) satisfies ArrivalAtHand;

interface Scene {
  readonly target?: FunctionEntry | undefined;
  readonly trigger?: TriggerEntry | undefined;
  readonly kept?: ArrivalAtHand | undefined;
  readonly read?: ArrivalAtHand;
  readonly arrivalId?: string | undefined;
  readonly before?: TriggerEntry;
}

const plannerOf = (scene: Scene) => {
  const known: Scene = { target, trigger, arrivalId: 'arrival-1', ...scene };
  return createCallPlanner({
    registry: {
      functionById: () => known.target,
      triggerById: () => known.trigger,
    } as unknown as CallPlannerDeps['registry'],
    kinds: triggerKinds,
    arrivals: {
      take: () => known.kept,
      read: async () => known.read ?? expect.fail('it is in memory'),
    } as unknown as CallPlannerDeps['arrivals'],
    arrivalIdOf: () => known.arrivalId,
    triggerAsOf: async (_, version) => (version === 1 ? known.before : undefined),
    sealing,
    clock: createTestClock(),
  });
};

const kept = atHand();
const plan = (scene: Scene, ticket = ticketOf(), attempt = 1) =>
  plannerOf({ kept, ...scene })(ticket, attempt);

const bodyOf = (planned: unknown) =>
  JSON.parse((planned as { call: { body: string } }).call.body) as Record<string, unknown>;

describe('what an attempt sends', () => {
  it('is worked out at once where the event is still in memory, and names all that it is', () => {
    const planned = plan({});
    expect(planned).toMatchObject({
      call: {
        ...{ type: 'http', url: 'http://127.0.0.1:1/', timeoutMs: 1_000 },
        headers: {
          'webhook-id': 'invocation-1',
          'webhook-timestamp': '1767225600',
          'webhook-signature': expect.stringMatching(/^v1,[^ ]+$/),
          'content-type': 'application/json',
          'user-agent': expect.stringMatching(/^Tripline\//),
          'idempotency-key': 'invocation-1',
          'x-correlation-id': 'correlation-1',
        },
      },
    });
    expect(bodyOf(planned)).toMatchObject({
      ...{ jobId: 'invocation-1', triggerName: 'as it is', attempt: 1, workspaceSlug: workspace },
    });
  });

  it('is read anew in a later attempt', async () => {
    const planned = await plan({ kept: undefined, read: atHand() }, ticketOf(), 2);
    expect(bodyOf(planned)).toMatchObject({ attempt: 2 });
  });

  it('is what was registered when it was started', () => {
    const ticket = ticketOf();
    ticket.sent = {
      trigger: { ...trigger, name: 'as it was' },
      target: { ...target, target: { type: 'http', url: 'http://127.0.0.1:2/' } },
    };
    const planned = plan({}, ticket);
    expect(planned).toMatchObject({ call: { url: 'http://127.0.0.1:2/' } });
    expect(bodyOf(planned)).toMatchObject({ triggerName: 'as it was' });
  });

  it('is the version that the invocation is pinned to, with its replay', async () => {
    const before = { ...trigger, name: 'of then', version: 1 };
    const ticket = ticketOf({ pinnedTo: 1, replayId: 'replay-1' });
    const planned = await plan({ kept: undefined, read: atHand(), before }, ticket);
    expect(bodyOf(planned)).toMatchObject({
      ...{ triggerName: 'of then', replay: { id: 'replay-1' } },
    });
  });

  it('goes on with the trace that the event came with', () => {
    const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const known = { traceId: parent.slice(3, 35), spanId: parent.slice(36, 52), flags: '01' };
    const traceparent = traceParentOf(known, 'invocation-1', 1);
    const headersOf = (trace: Trace) =>
      (plan({ kept: atHand(trace) }) as { call: { headers: object } }).call.headers;
    expect(headersOf({ parent, state: 'a=1' })).toMatchObject({ traceparent, tracestate: 'a=1' });
    expect(headersOf({ parent })).toMatchObject({ traceparent });
    expect(headersOf({ parent })).not.toHaveProperty('tracestate');
    expect(headersOf({ parent: 'nonsense' })).not.toHaveProperty('traceparent');
    expect(headersOf({})).not.toHaveProperty('traceparent');
  });

  it('is a long body piece by piece, with its length', async () => {
    const long = Buffer.from(JSON.stringify({ text: 'x'.repeat(200_000) }));
    const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const planned = await plan({ kept: atHand({ parent }, long) });
    if (!('call' in planned) || typeof planned.call.body === 'string')
      return expect.fail('it is not sent in pieces');
    const { body, headers, ...rest } = planned.call;
    const sent = Buffer.concat([...piecesOf(body)]);
    expect(headers).toMatchObject({
      ...{ 'content-length': String(sent.length), 'x-correlation-id': 'correlation-1' },
      ...{ 'webhook-id': 'invocation-1', traceparent: expect.stringContaining('4bf92f') },
    });
    expect(rest).toEqual({ type: 'http', url: 'http://127.0.0.1:1/', timeoutMs: 1_000 });
    const { event } = JSON.parse(sent.toString());
    expect(event.payload).toEqual(JSON.parse(long.toString()));
  });
});

describe('what cannot be sent', () => {
  const failure = (kind: string, message: string) => ({ failure: { kind, message, status: null } });

  it.each([
    [
      'a function that is gone',
      { target: undefined },
      failure('function-not-found', 'function not found'),
    ],
    ['a trigger that is gone', { trigger: undefined }, { cancel: 'trigger deleted' }],
    [
      'a kind that nobody knows',
      { trigger: { ...trigger, executionType: 'smoke' } },
      failure('internal', 'there is no trigger kind smoke'),
    ],
    [
      'a signing secret in an unknown form',
      { target: { ...target, signingSecret: sealed('plain') } },
      failure('secret-unreadable', 'the signing secret has no known form'),
    ],
    [
      'a body that was forgotten',
      { kept: { ...kept, body: undefined } },
      failure('payload-forgotten', 'the body was forgotten'),
    ],
    ['what nobody knows', { arrivalId: undefined }, { cancel: 'the invocation is unknown' }],
  ] as const)('is %s', (_, scene, expected) => {
    expect(plan(scene)).toMatchObject(expected);
  });

  it('is a secret sealed for another function', () => {
    const foreign = { ...target, signingSecret: sealed(signingSecret, 'function-2') };
    expect(plan({ target: foreign })).toMatchObject({ failure: { kind: 'secret-unreadable' } });
  });

  it('is a version that the trigger never had', async () => {
    const planned = await plan({ read: atHand() }, ticketOf({ pinnedTo: 9 }));
    expect(planned).toMatchObject(failure('internal', 'the trigger never had version 9'));
  });
});
