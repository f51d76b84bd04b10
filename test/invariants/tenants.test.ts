import { describe } from 'vitest';
import type { Fact } from '../../src/domain/events.ts';
import { apiKeyStream } from '../../src/domain/ids.ts';
import type { Written } from '../views/history.ts';
import { itAllows, itFinds } from './cases.ts';
import { aFunction, arrive, aTrigger, die, failure, idOf, of, queue, start } from './stories.ts';

const issued: Written = {
  stream: apiKeyStream('k'),
  fact: {
    type: 'ApiKeyIssued',
    data: { keyId: 'k', name: 'k', scopes: [], expiresAt: null, secretSha256: '00' },
  } as Fact,
};
const by = (actor: string, fact: Written): Written => ({
  ...fact,
  metadata: { ...fact.metadata, actor },
});
const foreign = [of('umbrella', aFunction()), aTrigger(), arrive('a'), queue('a')];
const missing = { failure: failure({ kind: 'function-not-found' }) };

describe('a workspace', () => {
  itAllows(
    [
      ['its own keys', issued, by('key:k', aTrigger())],
      [
        'the refusal to call a foreign function',
        ...foreign,
        die('a', 0, { reason: 'function-not-found', ...missing }),
      ],
    ],
    [],
  );
  itFinds(
    [
      ['k is no key of acme', by('key:k', aTrigger())],
      ['k is no key of umbrella', issued, of('umbrella', by('key:k', aTrigger()))],
      [`${idOf('a')} of acme calls f of umbrella`, ...foreign, start('a')],
    ],
    [],
  );
});
