import { expect, it } from 'vitest';
import { isSecretHeader } from '../../src/domain/secret-headers.ts';

it.each([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'apikey',
  'x-gitlab-token',
  'x-telegram-bot-api-secret-token',
  'x-hub-signature-256',
  'stripe-signature',
  'x_auth_token',
  'webhook-key',
])('a header named so opens something, or proves that one may: %s', (name) => {
  expect(isSecretHeader(name)).toBe(true);
});

it.each(['content-type', 'x-tenant', 'x-key', 'idempotency-token', 'x-idempotency-key', 'monkey'])(
  'a header named so opens nothing: %s',
  (name) => {
    expect(isSecretHeader(name)).toBe(false);
  },
);
