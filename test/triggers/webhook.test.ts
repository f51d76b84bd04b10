import { describe, expect, it } from 'vitest';
import { isTriplineError } from '../../src/domain/errors.ts';
import { parseMetadata } from '../../src/triggers/parse-metadata.ts';
import { webhook } from '../../src/triggers/webhook.ts';

const parse = (metadata: object) => parseMetadata(webhook, metadata);

const refusalOf = (metadata: unknown): unknown => {
  try {
    return parseMetadata(webhook, metadata);
  } catch (error) {
    return isTriplineError(error, 'validation-failed') ? error.message : error;
  }
};

describe('a webhook trigger’s metadata', () => {
  it('needs a path and has defaults for the rest', () => {
    expect(parse({ path: '/github' })).toEqual({
      path: '/github',
      queueCapacity: 1_000,
      concurrency: 1,
    });
  });

  it('takes a secret alone for the usual signature', () => {
    const metadata = { path: '/x', hmac: { secret: 's', header: 'X-Sign' } };
    expect(parse(metadata)).toMatchObject(metadata);
  });

  it('takes everything the contract and we offer', () => {
    const sealed = { value: 'c2VhbGVk', encrypted: true, keyVersion: 1 };
    const metadata = {
      path: 'a/b-c/~d',
      params: { any: [1, { thing: null }] },
      signature: {
        scheme: 'hmac',
        secrets: ['new', { value: 'old', encrypt: true }, sealed],
        header: 'X-Sign',
        algorithm: 'sha512',
        encoding: 'base64',
        prefix: 'v0=',
      },
      queueCapacity: 5,
      concurrency: 2,
      deduplication: { pointer: '/id' },
      orderingKey: { header: 'X-Tenant' },
      rawBody: true,
      retry: { maxAttempts: 2, retryStatuses: [404] },
      timeoutMs: 500,
    };
    expect(parse(metadata)).toEqual(metadata);
  });

  it.each([
    [undefined, 'triggerMetadata.path must be a string'],
    [[], 'triggerMetadata must be an object'],
    [{}, 'triggerMetadata.path must be a string'],
    [{ path: '' }, 'triggerMetadata.path must be a path without'],
    [{ path: '/' }, 'triggerMetadata.path must be a path without'],
    [{ path: '/a//b' }, 'triggerMetadata.path must be a path without'],
    [{ path: '/a/../b' }, 'triggerMetadata.path must be a path without'],
    [{ path: '/a/.' }, 'triggerMetadata.path must be a path without'],
    [{ path: '/a/' }, 'triggerMetadata.path must be a path without'],
    [{ path: '/a?b' }, 'triggerMetadata.path must be a path without'],
    [{ path: '/a#b' }, 'triggerMetadata.path must be a path without'],
    [{ path: '/a\u0000' }, 'triggerMetadata.path must be a path without'],
    [{ path: 7 }, 'triggerMetadata.path must be a string'],
    [{ path: '/x', surprise: 1 }, 'triggerMetadata.surprise is not known'],
    [{ path: '/x', params: [] }, 'triggerMetadata.params must be an object'],
    [{ path: '/x', concurrency: 0 }, 'triggerMetadata.concurrency must be a positive integer'],
    [
      { path: '/x', queueCapacity: 1.5 },
      'triggerMetadata.queueCapacity must be a positive integer',
    ],
    [{ path: '/x', timeoutMs: '5' }, 'triggerMetadata.timeoutMs must be a positive integer'],
    [
      { path: '/x', retry: { maxAttempts: 0 } },
      'triggerMetadata.retry.maxAttempts must be at least 1',
    ],
    [{ path: '/x', retry: { maxAttempts: 'x' } }, 'triggerMetadata.retry.maxAttempts must be'],
    [{ path: '/x', retry: { often: 1 } }, 'triggerMetadata.retry.often is not known'],
    [{ path: '/x', hmac: {} }, 'triggerMetadata.hmac.secret must be a non-empty string or'],
    [{ path: '/x', hmac: { secret: 's', header: 'a b' } }, 'triggerMetadata.hmac.header must be'],
    [{ path: '/x', signature: {} }, 'triggerMetadata.signature.scheme must name'],
    [
      { path: '/x', signature: { scheme: 'github', secrets: [] } },
      'triggerMetadata.signature.secrets must hold at least one secret',
    ],
    [
      { path: '/x', hmac: { secret: 's' }, signature: { scheme: 'github', secrets: ['s'] } },
      'triggerMetadata.signature must not be given together with hmac',
    ],
    [{ path: '/x', orderingKey: '/id' }, 'triggerMetadata.orderingKey must be {"header"'],
    [{ path: '/x', deduplication: { pointer: 'id' } }, 'triggerMetadata.deduplication'],
  ])('is refused as %j by name: %s', (metadata, message) => {
    expect(refusalOf(metadata)).toContain(message);
  });

  it.each([
    [{ orderingKey: { header: 'Authorization' } }, 'orderingKey'],
    [{ deduplication: { header: 'X-Api-Key' } }, 'deduplication'],
    [{ orderingKey: { header: 'x-mine' }, secretHeaders: ['X-Mine'] }, 'orderingKey'],
    [{ deduplication: { header: 'X-MINE' }, secretHeaders: ['x-a', 'x-mine'] }, 'deduplication'],
  ])('goes by no header that is never stored: %j', (settings, member) => {
    expect(refusalOf({ path: '/x', ...settings })).toBe(
      `triggerMetadata.${member}.header must not be a header that is never stored`,
    );
  });

  it.each([
    { orderingKey: { header: 'X-Tenant' }, secretHeaders: ['X-Other'] },
    { deduplication: { header: 'X-Delivery' } },
    { orderingKey: { pointer: '/authorization' }, secretHeaders: ['authorization'] },
    { deduplication: { body: true }, secretHeaders: ['X-Mine'] },
  ])('may go by what is stored: %j', (settings) => {
    expect(parse({ path: '/x', ...settings })).toMatchObject(settings);
  });

  it('never repeats a secret in a refusal', () => {
    const message = refusalOf({ path: '/x', hmac: { secret: { value: 'hush', encrypt: 'yes' } } });
    expect(message).not.toContain('hush');
  });
});

describe('a webhook trigger', () => {
  it('listens at its path, whether that begins with a slash or not', () => {
    expect(webhook.key(parse({ path: '/a/b' }), 't')).toBe(
      webhook.key(parse({ path: 'a/b' }), 't'),
    );
  });
});
