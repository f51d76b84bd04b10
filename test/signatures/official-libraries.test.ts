import { sign, verify } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { github } from '../../src/signatures/github.ts';
import type { SignatureScheme } from '../../src/signatures/scheme.ts';
import { standardWebhooks } from '../../src/signatures/standard-webhooks.ts';
import { stripe } from '../../src/signatures/stripe.ts';

const now = Date.now();
const seconds = Math.floor(now / 1_000);
const bodies = ['', '{}', '{"id":"evt_1","text":"grüße 🎉"}', 'a=1&b=2', '\u0000binary-ish\uFFFD'];

const check = (
  scheme: SignatureScheme,
  secret: string,
  body: string,
  headers: Record<string, string>,
) =>
  scheme.verify(
    { rawBody: Buffer.from(body), method: 'POST', target: '/in', headers, receivedAt: now },
    [scheme.readSecret(secret)],
    scheme.options.parse({}),
  );

describe("what the senders' own libraries sign", () => {
  it.each(bodies.filter((body) => body !== ''))(
    'is accepted as GitHub signs it: %j',
    async (body) => {
      const signature = await sign('s3cret', body);
      expect(await verify('s3cret', body, signature)).toBe(true);
      const headers = { 'x-hub-signature-256': signature, 'x-github-delivery': 'd-1' };
      expect(check(github, 's3cret', body, headers)).toEqual({
        ok: true,
        secret: 0,
        deliveryId: 'd-1',
      });
    },
  );

  it("agrees with GitHub's published example", () => {
    const headers = {
      'x-hub-signature-256':
        'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    };
    expect(check(github, "It's a Secret to Everybody", 'Hello, World!', headers).ok).toBe(true);
  });

  it.each(bodies)('is accepted as Stripe signs it: %j', (payload) => {
    const secret = 'whsec_test';
    const header = Stripe.webhooks.generateTestHeaderString({
      payload,
      secret,
      timestamp: seconds,
    });
    const deliveryId = payload.includes('evt_1') ? 'evt_1' : expect.stringContaining(`${seconds}.`);
    expect(check(stripe, secret, payload, { 'stripe-signature': header })).toEqual({
      ok: true,
      secret: 0,
      deliveryId,
    });
  });

  it.each(bodies)('is accepted as Standard Webhooks and Svix sign it: %j', (body) => {
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const signature = new Webhook(secret).sign('msg_1', new Date(seconds * 1_000), body);
    for (const family of ['webhook', 'svix']) {
      const headers = {
        [`${family}-id`]: 'msg_1',
        [`${family}-timestamp`]: String(seconds),
        [`${family}-signature`]: `v1,AAAA v2,xyz ${signature}`,
      };
      expect(check(standardWebhooks, secret, body, headers)).toEqual({
        ok: true,
        secret: 0,
        deliveryId: 'msg_1',
      });
    }
  });
});
