import { describe, expect, it } from 'vitest';
import { spanIdOf, traceParentIn, traceParentOf } from '../../src/domain/trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('a traceparent', () => {
  it.each([
    [`00-${traceId}-${spanId}-01`, { traceId, spanId, flags: '01' }],
    [`00-${traceId}-${spanId}-00`, { traceId, spanId, flags: '00' }],
    [`01-${traceId}-${spanId}-01-what-comes`, { traceId, spanId, flags: '01' }],
    [`cc-${traceId}-${spanId}-01`, { traceId, spanId, flags: '01' }],
    ['', undefined],
    [`00-${traceId}-${spanId}`, undefined],
    [`00-${traceId}-${spanId}-01-more`, undefined],
    [`01-${traceId}-${spanId}-01more`, undefined],
    [`ff-${traceId}-${spanId}-01`, undefined],
    [`00-${'0'.repeat(32)}-${spanId}-01`, undefined],
    [`00-${traceId}-${'0'.repeat(16)}-01`, undefined],
    [`00-${traceId.toUpperCase()}-${spanId}-01`, undefined],
    [` 00-${traceId}-${spanId}-01`, undefined],
    [`01-${traceId}-${spanId}-01-${'x'.repeat(500)}`, undefined],
  ])('%s is %j', (text, expected) => {
    expect(traceParentIn(text)).toEqual(expected);
  });

  it('goes on with a span of the attempt, the same each time and another for each', () => {
    const spans = [1, 2].map((attempt) => spanIdOf('i', attempt));
    expect(new Set(spans).size).toBe(2);
    for (const span of spans) expect(span).toMatch(/^[89ab][0-9a-f]{15}$/);
    expect(spanIdOf('i', 1)).toBe(spans[0]);
    const text = traceParentOf({ traceId, spanId, flags: '01' }, 'i', 1);
    expect(traceParentIn(text)).toEqual({ traceId, spanId: spans[0], flags: '01' });
  });
});
