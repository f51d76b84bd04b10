import { describe, expect, it } from 'vitest';
import { isTriplineError } from '../../src/domain/errors.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { checkIncompleteSignature, withSignature } from '../../src/operations/signature-form.ts';
import { createSignatureSchemes } from '../../src/signatures/index.ts';

const schemes = createSignatureSchemes().known;

const refusalOf = (task: () => unknown): unknown => {
  try {
    return task();
  } catch (error) {
    return isTriplineError(error, 'validation-failed') ? error.message : error;
  }
};

const wrong: [JsonObject, string][] = [
  [
    { scheme: 'md5', secrets: ['s'] },
    'signature.scheme must name a scheme: github, stripe, standard-webhooks, hmac, asana, ',
  ],
  [{ scheme: '__proto__', secrets: ['s'] }, 'signature.scheme must name a scheme'],
  [{ scheme: 'github', secrets: ['s'], header: 'X' }, 'signature.header is not known'],
  [{ scheme: 'hmac', secrets: ['s'], header: 'a b' }, 'signature.header must be a header name'],
  [{ scheme: 'hmac', secrets: ['s'], header: 'X', algorithm: 'md5' }, 'signature.algorithm must'],
  [{ scheme: 'standard-webhooks', secrets: ['hush'] }, 'signature.secrets.0'],
  [{ scheme: 'discord', secrets: ['hush'] }, 'signature.secrets.0'],
  [{ scheme: 'sendgrid', secrets: ['hush'], toleranceSeconds: 60 }, 'signature.secrets.0'],
  [
    { scheme: 'stripe', secrets: ['s'], toleranceSeconds: 0 },
    'signature.toleranceSeconds must be a whole number of seconds from 1 to 86400',
  ],
  [
    { scheme: 'twilio', secrets: ['s'], publicUrl: 'https://a.example/in?b=c' },
    'signature.publicUrl must be without query and fragment',
  ],
  [
    { scheme: 'square', secrets: ['s'], publicUrl: 'ftp://a.example' },
    'signature.publicUrl must be the http or https URL that the sender was given',
  ],
  ...['{timestamp}', '{body}{body}', '{body}{time}', '{timestamp}.{body}', '{id}.{body}', '{'].map(
    (signedText): [JsonObject, string] => [
      { scheme: 'hmac', secrets: ['s'], header: 'X', signedText },
      'signature.signedText must have {body} once',
    ],
  ),
  [
    { scheme: 'hmac', secrets: ['s'], header: 'X', idHeader: 'Y', signedText: '{id}{body}' },
    'signature.signedText must have a separator on each side of {id}',
  ],
  [
    { scheme: 'hmac', secrets: ['s'], header: 'X', toleranceSeconds: 30 },
    'signature.toleranceSeconds must not be given without timestampHeader',
  ],
];

describe('the signature of a trigger', () => {
  it('gets the options of its scheme that were left out', () => {
    const metadata = { path: '/x', signature: { scheme: 'hmac', secrets: ['s'], header: 'X-S' } };
    expect(withSignature(schemes, metadata)).toEqual({
      path: '/x',
      signature: {
        ...metadata.signature,
        algorithm: 'sha256',
        encoding: 'hex',
        prefix: '',
      },
    });
  });

  it.each(wrong)('is refused as %j', (signature, message) => {
    const refusal = refusalOf(() => withSignature(schemes, { signature }));
    expect(refusal).toContain(`triggerMetadata.${message}`);
    expect(refusal).not.toContain('hush');
  });

  it('needs the options its scheme has no default for', () => {
    const signature = { scheme: 'hmac', secrets: ['s'] };
    const refusal = refusalOf(() => withSignature(schemes, { signature }));
    expect(refusal).toBe('triggerMetadata.signature.header must be a header name');
  });

  it('may be absent', () => {
    expect(withSignature(schemes, { path: '/x' })).toEqual({ path: '/x' });
  });
});

describe('the signature of a draft', () => {
  it.each(wrong)('is refused as %j', (signature, message) => {
    const refusal = refusalOf(() => checkIncompleteSignature(schemes, { signature }));
    expect(refusal).toContain(`triggerMetadata.${message}`);
  });

  it.each([{}, { scheme: 'hmac' }, { scheme: 'hmac', secrets: ['s'] }, { secrets: ['s'] }])(
    'may lack what is not known yet: %j',
    (signature) => {
      expect(() => checkIncompleteSignature(schemes, { signature })).not.toThrow();
    },
  );
});
