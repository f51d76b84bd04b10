import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signatureSchemes } from '../../src/signatures/index.ts';
import { standardWebhooks } from '../../src/signatures/standard-webhooks.ts';
import { stripe } from '../../src/signatures/stripe.ts';

const seconds = 1_800_000_000;
const rawBody = Buffer.from('{"id":"evt_1"}');
const key = Buffer.alloc(24, 3);
const sent = { rawBody, method: 'POST', target: '/in' };
const options = { toleranceSeconds: 300 };

const viaStripe = (timestamp: string, receivedAt: number) => {
  const digest = createHmac('sha256', 'k').update(`${timestamp}.`).update(rawBody).digest('hex');
  const headers = { 'stripe-signature': `t=${timestamp},v0=ignored,v1=${digest}` };
  return stripe.verify({ ...sent, headers, receivedAt }, [stripe.readSecret('k')], options);
};

const viaStandard = (timestamp: string, receivedAt: number) => {
  const signed = `m.${timestamp}.`;
  const digest = createHmac('sha256', key).update(signed).update(rawBody).digest('base64');
  const headers = {
    'webhook-id': 'm',
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${digest}`,
  };
  const secret = standardWebhooks.readSecret(`whsec_${key.toString('base64')}`);
  return standardWebhooks.verify({ ...sent, headers, receivedAt }, [secret], options);
};

describe.each([
  ['stripe', viaStripe],
  ['standard-webhooks', viaStandard],
] as const)('the signed time of %s', (_, via) => {
  it.each([-300, -1, 0, 1, 300])('may be %d seconds away', (offset) => {
    expect(via(String(seconds + offset), seconds * 1_000 + 999).ok).toBe(true);
  });

  it.each([-301, 301, -86_400, 86_400])('may not be %d seconds away', (offset) => {
    expect(via(String(seconds + offset), seconds * 1_000)).toEqual({
      ok: false,
      reason: 'stale-timestamp',
      skewSeconds: offset,
    });
  });

  it.each(['', ' 1800000000', '1800000000abc', '1.8e9', '-1', '0x6B49D200', '1800000000000000'])(
    'is whole seconds in digits, not %j',
    (text) => {
      expect(via(text, seconds * 1_000).ok).toBe(false);
    },
  );
});

describe('a Standard Webhooks public key', () => {
  it('verifies v1a signatures and nothing else', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
    const message = Buffer.concat([Buffer.from(`m.${seconds}.`), rawBody]);
    const signature = sign(null, message, privateKey).toString('base64');
    const secret = standardWebhooks.readSecret(`whpk_${raw}`);
    const verdict = (text: string) =>
      standardWebhooks.verify(
        {
          ...sent,
          receivedAt: seconds * 1_000,
          headers: {
            'svix-id': 'm',
            'svix-timestamp': String(seconds),
            'svix-signature': text,
          },
        },
        [secret],
        options,
      );
    expect(verdict(`v1a,${signature}`).ok).toBe(true);
    expect(verdict(`v1,${signature}`).ok).toBe(false);
    const altered = Buffer.from(signature, 'base64');
    altered[0] = (altered[0] ?? 0) ^ 1;
    expect(verdict(`v1a,${altered.toString('base64')}`).ok).toBe(false);
  });

  it.each(['whsec_short', 'whsec_!!!!', 'whpk_AAAA', `whsec_${'A'.repeat(200)}`])(
    'or secret may not be %s',
    (text) => {
      expect(() => standardWebhooks.readSecret(text)).toThrow('Standard Webhooks');
    },
  );
});

it('lists every scheme under its own name', () => {
  const names = [...signatureSchemes.values()].map(({ name }) => name);
  expect([...signatureSchemes.keys()]).toEqual(names);
});
