import { describe, expect, it } from 'vitest';
import { publishedTraceIn, traceIn } from '../../src/intake/trace.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('the trace of a request', () => {
  it.each([
    [{}, undefined],
    [{ traceparent }, { parent: traceparent }],
    [
      { traceparent, tracestate: 'a=1' },
      { parent: traceparent, state: 'a=1' },
    ],
    [{ traceparent, tracestate: 'x'.repeat(513) }, { parent: traceparent }],
    [{ traceparent, tracestate: 'a=\u00ff' }, { parent: traceparent }],
    [{ traceparent, tracestate: '' }, { parent: traceparent }],
    [{ traceparent, tracestate: ['a=1', 'b=2'] }, { parent: traceparent }],
    [{ traceparent: 'nonsense', tracestate: 'a=1' }, undefined],
    [{ traceparent: [traceparent, traceparent] }, undefined],
    [{ tracestate: 'a=1' }, undefined],
  ])('in %j is %j', (headers, expected) => {
    expect(traceIn(headers)).toEqual(expected);
  });
});

describe('the trace of what is published', () => {
  const headers = { 'x-correlation-id': 'story', 'x-causation-id': 'job' };

  it.each([
    [{}, {}, undefined],
    [headers, {}, { correlationId: 'story', causedBy: 'job' }],
    [headers, { correlationId: 'other' }, { correlationId: 'other', causedBy: 'job' }],
    [{}, { causedBy: 'job' }, { causedBy: 'job' }],
    [{ traceparent }, { causedBy: 'job' }, { parent: traceparent, causedBy: 'job' }],
  ])('in %j with %j is %j', (given, said, expected) => {
    expect(publishedTraceIn(given, said)).toEqual(expected);
  });

  it.each([
    [{ 'x-correlation-id': '' }, {}, 'X-Correlation-Id'],
    [{ 'x-correlation-id': 'two words' }, {}, 'X-Correlation-Id'],
    [{ 'x-correlation-id': 'x'.repeat(129) }, {}, 'X-Correlation-Id'],
    [{ 'x-correlation-id': ['a', 'b'] }, {}, 'X-Correlation-Id'],
    [{ 'x-causation-id': 'a b' }, {}, 'X-Causation-Id'],
    [{}, { correlationId: 'a\r\nb: c' }, 'correlation_id'],
    [{}, { correlationId: 'ü' }, 'correlation_id'],
    [{}, { causedBy: '../jobs' }, 'causation_id'],
  ])('in %j with %j is refused by %s', (given, said, field) => {
    expect(() => publishedTraceIn(given, said)).toThrow(
      expect.objectContaining({
        code: 'validation-failed',
        details: [expect.objectContaining({ field })],
      }),
    );
  });
});
