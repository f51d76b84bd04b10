import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiKeyEntry } from '../../projections/registry.ts';
import type { Chance } from '../domain/chance.ts';
import type { Clock } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';
import type { Principal } from './principal.ts';
import type { VerifyToken } from './tokens.ts';

const keyText = /^tlk_([0-9a-f-]{36})_([\w-]{43})$/;
const nothing = Buffer.alloc(32);

const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

export interface NewApiKey {
  /** Told once and kept nowhere. */
  readonly text: string;
  readonly secretSha256: string;
}

/**
 * A secret of 256 random bits. Nobody can try them all, so one round of SHA-256 without salt hides
 * it as well as a slow hash would, and costs a request nothing.
 */
export const newApiKey = (keyId: string, chance: Pick<Chance, 'bytes'>): NewApiKey => {
  const secret = chance.bytes(32).toString('base64url');
  return { text: `tlk_${keyId}_${secret}`, secretSha256: digestOf(secret).toString('hex') };
};

const principalOf = ({ keyId, workspace, scopes, expiresAt }: ApiKeyEntry): Principal => ({
  subject: `key:${keyId}`,
  actor: `key:${keyId}`,
  workspaces: new Set([workspace]),
  scopes: new Set(scopes),
  expiresAt,
});

export interface ApiKeyDeps {
  readonly registry: { apiKeyById(keyId: string): ApiKeyEntry | undefined };
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Takes API keys beside tokens. What is refused is refused in the same words and after the same
 * work, so that nobody learns which keys there are or were.
 */
export const acceptApiKeys =
  (verifyToken: VerifyToken, { registry, clock }: ApiKeyDeps): VerifyToken =>
  async (text) => {
    if (!text.startsWith('tlk_')) return await verifyToken(text);
    const [, keyId = '', secret = ''] = keyText.exec(text) ?? [];
    const entry = registry.apiKeyById(keyId);
    const known = entry === undefined ? nothing : Buffer.from(entry.secretSha256, 'hex');
    const matches = timingSafeEqual(digestOf(secret), known);
    const expired = entry?.expiresAt != null && clock.now() >= Date.parse(entry.expiresAt);
    if (entry === undefined || !matches || expired)
      throw new TriplineError('unauthorized', 'the API key is unknown, revoked or expired');
    return principalOf(entry);
  };
