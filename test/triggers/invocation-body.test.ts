import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longFrom, piecesOf } from '../../src/domain/long-body.ts';
import { payloadOf } from '../../src/domain/payload-of.ts';
import { invocationBody } from '../../src/triggers/invocation-body.ts';
import type { Arrival } from '../../src/triggers/kind.ts';
import { onDemand } from '../../src/triggers/on-demand.ts';
import { webhook } from '../../src/triggers/webhook.ts';
import { arrived, now } from '../domain/examples.ts';

const request = {
  method: 'POST',
  path: '/workspace/acme/api/v1/webhook/github',
  query: { a: ['1', '2'] },
  headers: { 'x-a': '"quoted"' },
  remote: '127.0.0.1',
};
const call = {
  kind: webhook,
  arrivedAt: now,
  trigger: {
    ...{ triggerId: 'trigger-1', name: 'on "push"', executionType: 'webhook' },
    triggerMetadata: { path: '/github', rawBody: true },
  },
  functionId: 'function-1',
  workspace: 'acme',
  invocationId: 'invocation-1',
  attempt: 2,
  params: { channel: '#ops' },
};
const sent = (body: Buffer, rest: Partial<Arrival> = {}) =>
  String(
    invocationBody({
      ...call,
      arrival: { ...arrived.data, request, body: payloadOf(body), ...rest },
    }),
  );

describe('what a function is sent', () => {
  it('is the whole contract for a webhook', () => {
    const verification = { scheme: 'github', secret: 0 };
    const { remote, ...asked } = request;
    expect(JSON.parse(sent(Buffer.from('{"a":1}'), { verification }))).toEqual({
      executionParams: { payload: { a: 1 }, ...asked, rawBody: 'eyJhIjoxfQ==' },
      triggerParams: { channel: '#ops' },
      jobId: 'invocation-1',
      triggerId: 'trigger-1',
      triggerName: 'on "push"',
      executionType: 'webhook',
      functionId: 'function-1',
      workspaceSlug: 'acme',
      attempt: 2,
      event: {
        trigger_id: 'trigger-1',
        trigger_type: 'webhook',
        event_id: 'arrival-1',
        timestamp: now,
        payload: { a: 1 },
        metadata: { ...asked, remote, signature_verified: true },
      },
    });
  });

  it('says by which replay it is delivered again, and of what', () => {
    const payload = { ...arrived.data, request, body: payloadOf(Buffer.from('{}')) };
    const told = invocationBody({ ...call, arrival: payload, replayId: 'replay-1' });
    expect(JSON.parse(String(told)).replay).toEqual({ id: 'replay-1', of: 'arrival-1' });
    expect(JSON.parse(sent(Buffer.from('{}')))).not.toHaveProperty('replay');
  });

  it('has no event and the bare body for an execution on demand', () => {
    const onDemandCall = {
      ...call,
      kind: onDemand,
      trigger: { ...call.trigger, executionType: 'on-demand' },
    };
    const bodyOf = (text: string) =>
      JSON.parse(
        String(
          invocationBody({
            ...onDemandCall,
            arrival: { ...arrived.data, body: payloadOf(Buffer.from(text)) },
          }),
        ),
      );
    expect(bodyOf('{"params":{"x":1}}').executionParams).toEqual({ params: { x: 1 } });
    expect(bodyOf('').executionParams).toEqual({});
    expect(bodyOf('null')).toEqual(expect.not.objectContaining({ event: expect.anything() }));
  });

  describe.each([
    ['both', ['executionParams', 'event']],
    ['event', ['event']],
    ['executionParams', ['executionParams']],
  ] as const)('by a function that wants %s', (send, members) => {
    const ofWebhook = { ...arrived.data, request, body: Buffer.from('{"a":1}') };
    const bodyOf = (more: object = {}) =>
      JSON.parse(String(invocationBody({ ...call, arrival: ofWebhook, send, ...more })));

    it('has those members as ever and all others', () => {
      const { executionParams, event, ...others } = bodyOf({ send: undefined });
      const whole: Readonly<Record<string, unknown>> = { executionParams, event };
      const wanted = Object.fromEntries(members.map((member) => [member, whole[member]]));
      expect(bodyOf()).toEqual({ ...wanted, ...others });
    });

    it('has the body where there is no event', () => {
      expect(bodyOf({ kind: onDemand }).executionParams).toEqual({ a: 1 });
    });

    it('has a long body as often as a short one', () => {
      const body = Buffer.from(JSON.stringify('x'.repeat(longFrom)));
      const arrival = { ...ofWebhook, body };
      const trigger = { ...call.trigger, triggerMetadata: { path: '/github' } };
      const made = invocationBody({ ...call, trigger, arrival, send });
      if (typeof made === 'string') throw new TypeError('it is not sent in pieces');
      expect(made.forms).toEqual(members.map(() => 'json'));
      expect(Object.keys(JSON.parse(Buffer.concat([...piecesOf(made)]).toString()))).toEqual(
        expect.arrayContaining([...members]),
      );
    });
  });

  it.each([{}, { rawBody: false }])(
    'has the raw body only where it is asked for, not with %j',
    (metadata) => {
      const trigger = { ...call.trigger, triggerMetadata: { path: '/github', ...metadata } };
      const arrival = { ...arrived.data, request, body: Buffer.from('{"a":1}') };
      const { executionParams } = JSON.parse(String(invocationBody({ ...call, trigger, arrival })));
      expect(executionParams).toMatchObject({ payload: { a: 1 }, method: 'POST' });
      expect(executionParams).not.toHaveProperty('rawBody');
    },
  );

  it.each([
    ['{"a":1}', { a: 1 }],
    [' [1] ', [1]],
    ['7', 7],
    ['null', null],
    ['', ''],
    ['a=1&b=2', 'a=1&b=2'],
    ['{"a":', '{"a":'],
    ['\uFEFF{}', {}],
    ['\uFEFF "x"', 'x'],
    ['\uFEFFhello', '\uFEFFhello'],
    ['\uFEFF', '\uFEFF'],
    ['\uFEFF\uFEFF{}', '\uFEFF\uFEFF{}'],
    ['{}\uFEFF', '{}\uFEFF'],
  ])('takes the body %j for %j', (text, payload) => {
    expect(JSON.parse(sent(Buffer.from(text))).event.payload).toEqual(payload);
  });

  it('has the body as it came: long numbers, repeated keys, __proto__, spaces', () => {
    const content = '{ "n":12345678901234567890,"n":1.0,"__proto__":{"a":1} }';
    expect(sent(Buffer.from(content)).split(`"payload":${content},`)).toHaveLength(3);
  });

  it('has deeply nested JSON as what it is', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    for (const depth of [32, 33, 512])
      expect(JSON.parse(sent(Buffer.from(nested(depth)))).event.payload).toEqual(
        JSON.parse(nested(depth)),
      );
    const quoted = JSON.stringify({ text: `\\"${'['.repeat(999)}` });
    expect(JSON.parse(sent(Buffer.from(quoted))).event.payload).toEqual(JSON.parse(quoted));
    // None is taken any more; the log may have some.
    expect(JSON.parse(sent(Buffer.from(nested(513)))).event.payload).toBe(nested(513));
  });

  it('is valid JSON for any bytes, which it carries exactly', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const { executionParams, event } = JSON.parse(sent(Buffer.from(bytes)));
        expect([...Buffer.from(executionParams.rawBody, 'base64')]).toEqual([...bytes]);
        expect(event.payload).toEqual(executionParams.payload);
      }),
    );
  });

  it('is what any JSON body says', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(JSON.parse(sent(Buffer.from(text))).event.payload).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('what a function is sent of a long body', () => {
  const long = (beginning: Buffer, filler: string, end: Buffer) => {
    const count = Math.ceil(longFrom / Buffer.byteLength(filler));
    return Buffer.concat([beginning, Buffer.from(filler.repeat(count)), end]);
  };
  const inPieces = (body: Uint8Array): Buffer[] => {
    const made = invocationBody({ ...call, arrival: { ...arrived.data, request, body } });
    if (typeof made === 'string') throw new TypeError('it is not sent in pieces');
    return [...piecesOf(made)];
  };

  it.each([
    ['JSON', Buffer.from('{"n":12345678901234567890,"t":"'), 'täxt 😀', Buffer.from('"}')],
    ['JSON behind a byte order mark', Buffer.from('\uFEFF["'), '€', Buffer.from('"]')],
    ['JSON with bytes that are no UTF-8', Buffer.from('["\xff', 'latin1'), 'ä', Buffer.from('"]')],
    ['text', Buffer.from('a "quoted" \0 '), '\\ é\n', Buffer.from('')],
    ['text behind a byte order mark', Buffer.from('\uFEFF'), '😀x', Buffer.from('')],
    ['any bytes', randomBytes(200_000), '\u0001', randomBytes(7)],
    ['a cut character', Buffer.from(''), '€', Buffer.from([0xe2, 0x82])],
  ])('is what it were of a short one: %s', (_, beginning, filler, end) => {
    const body = long(beginning, filler, end);
    expect(Buffer.concat(inPieces(body)).toString()).toBe(sent(body));
  });

  it('comes in pieces of bounded length', () => {
    const lengths = inPieces(randomBytes(3_000_000)).map(({ length }) => length);
    expect(Math.max(...lengths)).toBeLessThan(400_000);
  });

  it('takes no part of the memory that the body lies in', () => {
    const body = Buffer.alloc(longFrom, 'a');
    const made = invocationBody({ ...call, arrival: { ...arrived.data, body } });
    if (typeof made === 'string') throw new TypeError('it is not sent in pieces');
    expect(made.bytes.buffer).not.toBe(body.buffer);
    expect(made.bytes).toHaveLength(longFrom);
  });
});
