import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { longBodyOf, piecesOf, standIns } from '../../src/domain/long-body.ts';
import { signedHeaders, signedHeadersOfLong, signingKeyOf } from '../../src/running/signing.ts';

const secret = (fill: number) => `whsec_${Buffer.alloc(32, fill).toString('base64')}`;
const key = (fill: number) => {
  const found = signingKeyOf(secret(fill));
  if (!found) throw new Error('no key');
  return found;
};
const body = '{"grüße":1}';

describe('the signature of a call', () => {
  it('is one the reference library accepts', () => {
    const headers = signedHeaders('inv-1', Date.now(), body, [key(1)]);
    expect(new Webhook(secret(1)).verify(body, { ...headers })).toEqual({ grüße: 1 });
  });

  it('verifies with either secret during a rotation', () => {
    const headers = signedHeaders('inv-1', Date.now(), body, [key(2), key(1)]);
    for (const fill of [1, 2]) {
      expect(new Webhook(secret(fill)).verify(body, { ...headers })).toBeDefined();
    }
    expect(() => new Webhook(secret(3)).verify(body, { ...headers })).toThrow();
  });

  it('carries the time of the attempt in whole seconds', () => {
    expect(signedHeaders('a', 1_700_000_000_999, '', [key(1)])).toMatchObject({
      'webhook-id': 'a',
      'webhook-timestamp': '1700000000',
    });
  });

  it.each([undefined, 7, '', 'whsec_', 'secret', 'whsec_***'])('has no key in %j', (text) => {
    expect(signingKeyOf(text)).toBeUndefined();
  });

  it('of a long body is that of its text, and lets others have their turn every mebibyte', async () => {
    const bytes = Buffer.from(JSON.stringify({ text: 'ü'.repeat(1_300_000) }));
    const long = longBodyOf(`{"payload":${standIns.json}}`, bytes);
    const text = Buffer.concat([...piecesOf(long)]);
    let turns = 0;
    const soon = (task: () => void) => {
      turns += 1;
      task();
      return () => {};
    };
    const keys = [key(2), key(1)];
    const at = Date.now();
    const { 'content-length': length, ...headers } = await signedHeadersOfLong(
      ...(['inv-1', at, long, keys] as const),
      { soon },
    );
    expect(headers).toEqual(signedHeaders('inv-1', at, text.toString(), keys));
    expect(length).toBe(String(text.length));
    expect(turns).toBe(2);
  });
});
