import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { payloadOf } from '../../src/domain/payload.ts';
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
  trigger: { triggerId: 'trigger-1', name: 'on "push"', executionType: 'webhook' },
  functionId: 'function-1',
  workspace: 'acme',
  invocationId: 'invocation-1',
  attempt: 2,
  params: { channel: '#ops' },
};
const sent = (body: Buffer, rest: Partial<Arrival> = {}) =>
  invocationBody({
    ...call,
    arrival: { ...arrived.data, request, body: payloadOf(body), ...rest },
  });

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

  it('has no event and the bare body for an execution on demand', () => {
    const onDemandCall = {
      ...call,
      kind: onDemand,
      trigger: { ...call.trigger, executionType: 'on-demand' },
    };
    const bodyOf = (text: string) =>
      JSON.parse(
        invocationBody({
          ...onDemandCall,
          arrival: { ...arrived.data, body: payloadOf(Buffer.from(text)) },
        }),
      );
    expect(bodyOf('{"params":{"x":1}}').executionParams).toEqual({ params: { x: 1 } });
    expect(bodyOf('').executionParams).toEqual({});
    expect(bodyOf('null')).toEqual(expect.not.objectContaining({ event: expect.anything() }));
  });

  it.each([
    ['{"a":1}', { a: 1 }],
    [' [1] ', [1]],
    ['7', 7],
    ['null', null],
    ['', ''],
    ['a=1&b=2', 'a=1&b=2'],
    ['{"a":', '{"a":'],
    ['\uFEFF{}', '\uFEFF{}'],
  ])('takes the body %j for %j', (text, payload) => {
    expect(JSON.parse(sent(Buffer.from(text))).event.payload).toEqual(payload);
  });

  it('has the body as it came: long numbers, repeated keys, __proto__, spaces', () => {
    const content = '{ "n":12345678901234567890,"n":1.0,"__proto__":{"a":1} }';
    expect(sent(Buffer.from(content)).split(`"payload":${content},`)).toHaveLength(3);
  });

  it('takes a body nested deeper than 32 for text', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(JSON.parse(sent(Buffer.from(nested(32)))).event.payload).toBeInstanceOf(Array);
    expect(JSON.parse(sent(Buffer.from(nested(33)))).event.payload).toBe(nested(33));
    const quoted = JSON.stringify({ text: `\\"${'['.repeat(99)}` });
    expect(JSON.parse(sent(Buffer.from(quoted))).event.payload).toEqual(JSON.parse(quoted));
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
