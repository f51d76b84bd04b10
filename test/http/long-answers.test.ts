import { describe, expect, it } from 'vitest';
import { isFact } from '../../src/domain/events.ts';
import { longestInFact } from '../../src/domain/invocation/kept-outcome.ts';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import { namedPayload } from '../../src/domain/named-payload.ts';
import type { Payload } from '../../src/domain/payload.ts';
import { asPosition } from '../../src/domain/position.ts';
import type { Call } from '../../src/targets/target.ts';
import { type ServerUnderTest, startServer } from './server-under-test.ts';

const text = (content: string): Payload => ({ encoding: 'utf8', content });

const success = (body: Payload, contentType: string | null = null): CallOutcome => ({
  ...{ ok: true, durationMs: 1 },
  answer: { status: 200, contentType, body, truncated: false },
});

const failure = (body: Payload): CallOutcome => ({
  ...{ ok: false, durationMs: 1, retryAfterMs: null },
  failure: { kind: 'status', message: 'the target answered 500', status: 500, body },
});

const echo = `an echo: ${'é'.repeat(20_000)}`;

/** A webhook whose function answers so, one attempt after the other. */
const answering = async (
  outcomes: readonly (CallOutcome | Promise<CallOutcome>)[],
  options: Parameters<typeof startServer>[0] = {},
) => {
  let calls = 0;
  const call = async (_: Call): Promise<CallOutcome> => {
    calls += 1;
    return (await outcomes[calls - 1]) ?? success(text(''));
  };
  const server = await startServer({ ...options, call });
  const retry = { maxAttempts: outcomes.length, initialDelayMs: 1, maxDelayMs: 1 };
  const { id: functionId } = await server.createFunction({ retry });
  const trigger = { executionType: 'webhook', triggerMetadata: { path: '/in' }, functionId };
  await server.createTrigger(trigger);
  const eventId: string = (await server.deliver('in', { payload: 'a body' })).json().event_id;
  const invocation = async () => {
    const list = await server.ask('GET', `invocations?eventId=${eventId}`);
    const { id } = list.json().invocations[0];
    return (await server.ask('GET', `invocations/${id}`)).json();
  };
  const ended = async (status = 'succeeded') => {
    await expect.poll(async () => (await invocation()).status).toBe(status);
    return await invocation();
  };
  const forget = () => server.ask('POST', `events/${eventId}/forget`);
  return { server, eventId, invocation, ended, forget };
};

const outcomes = async (server: ServerUnderTest) =>
  (await server.events()).filter(
    (event) =>
      isFact(event, 'InvocationSucceeded') ||
      isFact(event, 'InvocationFailed') ||
      isFact(event, 'InvocationDeadLettered'),
  );

const bytesAt = async (server: ServerUnderTest, position: string) => {
  const [part] = await server.store.readPayloads([{ position: asPosition(position) }], 1_000_000);
  return part && Buffer.from(part.bytes).toString();
};

describe('a long answer', () => {
  it('is shown whole with its invocation, and no fact has any of it', async () => {
    const { server: opened, ended } = await answering([success(text(echo))]);
    await using server = opened;
    expect((await ended()).result).toEqual({
      ...{ status: 200, contentType: null, truncated: false },
      body: text(echo),
    });
    const [fact] = await outcomes(server);
    expect(fact && namedPayload(fact)?.size).toBe(Buffer.byteLength(echo));
    expect(await bytesAt(server, fact?.position ?? '')).toBe(echo);
    const { body } = await server.ask('GET', 'audit');
    expect(body).not.toContain('an echo');
    expect((await server.ask('GET', 'invocations')).body).not.toContain('an echo');
  });

  it('that is no text is shown in base64', async () => {
    const content = Buffer.alloc(9_000, 0xff).toString('base64');
    const { server: opened, ended } = await answering([success({ encoding: 'base64', content })]);
    await using _ = opened;
    expect((await ended()).result.body).toEqual({ encoding: 'base64', content });
  });

  it('is the result of its job, as JSON where it is JSON', async () => {
    const value = { long: 'x'.repeat(50_000) };
    const { server: opened, ended } = await answering([
      success(text(JSON.stringify(value)), 'application/json'),
    ]);
    await using server = opened;
    const { id } = await ended();
    expect((await server.ask('GET', `jobs/${id}`)).json().result).toEqual(value);
  });

  it('of an attempt that failed is shown whole as well, of the last ones at least', async () => {
    const longest = 'f'.repeat(262_144);
    const answers = ['first', ...['a', 'b', 'c', 'd'].map((letter) => letter + longest.slice(1))];
    const { server: opened, ended } = await answering(answers.map((one) => failure(text(one))));
    await using server = opened;
    const bodies = (await ended('dead')).attempts.map(
      ({ failure }: { failure: { body: Payload } }) => failure.body.content,
    );
    expect(bodies).toEqual(answers);
    const { deadLetters } = (await server.ask('GET', 'dead-letters')).json();
    expect(deadLetters[0].failure.body).toEqual(text(`d${longest.slice(1, 4_096)}`));
    expect((await outcomes(server)).map((fact) => namedPayload(fact)?.size)).toEqual([
      undefined,
      ...Array.from({ length: 4 }, () => 262_144),
    ]);
  });

  it('of earlier attempts is shown by its beginning where there are many', async () => {
    const answers = Array.from({ length: 6 }, (_, n) => `${n}${'f'.repeat(262_143)}`);
    const { server: opened, ended } = await answering(answers.map((one) => failure(text(one))));
    await using _ = opened;
    const bodies = (await ended('dead')).attempts.map(
      ({ failure }: { failure: { body: Payload } }) => failure.body.content,
    );
    const beginnings = answers.slice(0, 2).map((one) => one.slice(0, 1_024));
    expect(bodies).toEqual([...beginnings, ...answers.slice(2)]);
  });
});

it('is in its fact while it is short', async () => {
  const short = 's'.repeat(longestInFact);
  const { server: opened, ended } = await answering([success(text(short))]);
  await using server = opened;
  expect((await ended()).result.body).toEqual(text(short));
  const [fact] = await outcomes(server);
  expect(fact?.data).toMatchObject({ answer: { body: text(short) } });
  expect(await bytesAt(server, fact?.position ?? '')).toBeUndefined();
});

describe('forgetting the body of an event', () => {
  it('forgets the long answers to it, of every attempt and of repetitions', async () => {
    const {
      server: opened,
      ended,
      forget,
    } = await answering([failure(text(`failed ${echo}`)), success(text(echo))]);
    await using server = opened;
    const { id } = await ended();
    await server.ask('POST', `invocations/${id}/retry`);
    await expect.poll(async () => (await outcomes(server)).length).toBe(3);
    expect((await forget()).statusCode).toBe(200);
    const forgotten = (await server.ask('GET', `invocations/${id}`)).json();
    expect(forgotten).toMatchObject({
      status: 'succeeded',
      attempts: [{ failure: { status: 500, body: null } }, { failure: null }],
      result: { status: 200, body: null, truncated: false },
    });
    expect((await server.ask('GET', `jobs/${id}`)).json()).not.toHaveProperty('result');
    for (const { position } of await outcomes(server))
      expect(await bytesAt(server, position)).toBeUndefined();
  });

  it('says so in facts of its own, with the reason, however often it is asked for', async () => {
    const { server: opened, ended, forget, eventId } = await answering([success(text(echo))]);
    await using server = opened;
    await ended();
    const payload = { reason: 'Art. 17' };
    await server.ask('POST', `events/${eventId}/forget`, { payload });
    await forget();
    const facts = (await server.events()).filter((event) => isFact(event, 'PayloadForgotten'));
    const [answer] = await outcomes(server);
    expect(facts.map(({ data }) => data)).toEqual([
      { arrivalId: eventId, places: [expect.any(String)], reason: 'Art. 17' },
      { arrivalId: eventId, places: [answer?.position], reason: 'Art. 17' },
    ]);
  });

  it('keeps no answer of a call that is under way', async () => {
    let answer = (_: CallOutcome): void => {};
    const answered = new Promise<CallOutcome>((resolve) => {
      answer = resolve;
    });
    const { server: opened, ended, forget } = await answering([answered]);
    await using server = opened;
    await expect.poll(() => server.calls.length).toBe(1);
    expect((await forget()).statusCode).toBe(200);
    answer(success(text('a short echo')));
    expect((await ended()).result).toMatchObject({ body: text(''), truncated: true });
    expect(JSON.stringify(await server.events())).not.toContain('echo');
  });

  it('leaves those that lie in their records, where the store has them there', async () => {
    const {
      server: opened,
      ended,
      forget,
    } = await answering([success(text(echo))], {
      around: (store) => ({
        ...store,
        readPayloads: async (ranges, maxBytes) =>
          (await store.readPayloads(ranges, maxBytes)).map(
            (part) => part && { ...part, forgettable: part.size < 10 },
          ),
      }),
    });
    await using _ = opened;
    await ended();
    expect((await forget()).statusCode).toBe(200);
    expect((await ended()).result.body).toEqual(text(echo));
  });
});
