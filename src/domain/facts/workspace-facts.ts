import { z } from 'zod';
import { fact, Id, Instant } from './fact.ts';

const claim = {
  kind: z.enum(['trigger-name', 'function-name', 'webhook-path']),
  name: z.string(),
  holder: Id,
};

/** Keys and names, which a workspace has besides its functions and triggers. */
export const workspaceFacts = {
  /** The secret itself is told once and never recorded. */
  ApiKeyIssued: fact(1, {
    keyId: Id,
    name: z.string().min(1),
    scopes: z.array(z.string().min(1)),
    expiresAt: Instant.nullable(),
    secretSha256: z.hex().length(64),
  }),
  ApiKeyRevoked: fact(1, { keyId: Id }),

  /** The key of this version is the one with this fingerprint, and no other ever will be. */
  EncryptionKeyIntroduced: fact(1, {
    version: z.int().min(1),
    fingerprint: z.hex().length(64),
  }),

  NameClaimed: fact(1, claim),
  NameReleased: fact(1, claim),
};
