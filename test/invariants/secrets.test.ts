import { describe } from 'vitest';
import type { DataOf, Fact } from '../../src/domain/events.ts';
import { apiKeyStream, draftStream, functionStream, triggerStream } from '../../src/domain/ids.ts';
import type { Written } from '../views/history.ts';
import { itAllows, itFinds } from './cases.ts';
import { aFunction, arrive, aTrigger, cancel, queue } from './stories.ts';

type Metadata = DataOf<'TriggerRegistered'>['triggerMetadata'];

const sealed = { value: 'AAAA', encrypted: true, keyVersion: 1 };
const anew = { value: 'BBBB', encrypted: true, keyVersion: 2 };
const having = (triggerMetadata: Metadata): Written =>
  aTrigger('t', { triggerMetadata: { path: 't', ...triggerMetadata } });
const reseal = (triggerMetadata: Metadata): Written => ({
  stream: triggerStream('t'),
  fact: {
    type: 'TriggerSecretsResealed',
    data: { triggerId: 't', triggerMetadata: { path: 't', ...triggerMetadata } },
  },
});
const draft = (triggerMetadata: Metadata): Written => ({
  stream: draftStream('draft-1'),
  fact: { type: 'DraftSaved', data: { draftId: 'draft-1', content: { triggerMetadata } } },
});
const key = (more: object): Written => ({
  stream: apiKeyStream('key'),
  fact: {
    type: 'ApiKeyIssued',
    data: { keyId: 'key', name: '', scopes: [], expiresAt: null, secretSha256: '00', ...more },
  } as Fact,
});
const resealFunction = (signingSecret: object): Written => ({
  stream: functionStream('f'),
  fact: {
    type: 'FunctionSecretsResealed',
    data: { functionId: 'f', signingSecret, previousSecret: null },
  } as Fact,
});
const withHeaders = (headers: Record<string, string>): readonly Written[] => [
  arrive('a', { request: { method: 'POST', path: '/', query: {}, headers, remote: '::1' } }),
  queue('a'),
  cancel('a'),
];
const repeatable = (fingerprint: object): Written => ({
  ...aFunction('g'),
  metadata: { idempotency: { request: 'r', fingerprint: fingerprint as never } },
});
const hmac = { hmac: { secret: sealed, header: 'x' } };
const signature = (...secrets: Metadata[string][]): Metadata => ({
  signature: { scheme: 'github', secrets },
});

describe('secrets', () => {
  itAllows(
    [
      ['sealed ones', having({ ...hmac, params: { token: sealed, list: [sealed] } })],
      ['several of a scheme', having(signature(sealed, anew))],
      ['parameters that nobody wanted encrypted', having({ params: { token: 'open', n: null } })],
      ['the same with a newer key', having(hmac), reseal({ hmac: { secret: anew, header: 'x' } })],
      ['a draft with sealed ones', draft({ params: { deep: { token: sealed } } })],
      ['a key by its hash', key({})],
      ['headers that prove nothing', aTrigger(), ...withHeaders({ 'x-github-event': 'push' })],
      ['a sealed fingerprint', repeatable(sealed)],
    ],
    [aFunction()],
  );
  itFinds(
    [
      ['t has hmac.secret in the clear', having({ hmac: { secret: 'open' } })],
      [
        't has hmac.secret.value, hmac.secret.keyVersion in the clear',
        having({ hmac: { secret: { value: 'open', keyVersion: 1 } } }),
      ],
      ['t has signature.secrets.1 in the clear', having(signature(sealed, 'open'))],
      [
        't has params.deep.0.token in the clear',
        having({ params: { deep: [{ token: { value: 'open', encrypt: true } }] } }),
      ],
      ['draft-1 has signature.secrets.0 in the clear', draft(signature('open'))],
      [
        't was changed by sealing it anew',
        having(hmac),
        reseal({ hmac: { secret: anew, header: 'y' } }),
      ],
      ['f has signingSecret in the clear', resealFunction('whsec_' as never)],
      [
        'g has previousSecret.value in the clear',
        aFunction('g', { previousSecret: { value: 'x' } as never }),
      ],
      ['g tells a secret', aFunction('g', { description: `whsec_${'A'.repeat(32)}` })],
      ['key has more than its scopes', key({ secret: 'open' })],
      [
        'arrival a has the headers authorization, x-hub-signature-256',
        aTrigger(),
        ...withHeaders({ authorization: 'Bearer x', 'x-hub-signature-256': 'x' }),
      ],
      ['has a fingerprint in the clear', repeatable({ value: 'open' })],
    ],
    [aFunction()],
  );
});
