import type { Config } from './config.ts';
import { prepareDataDir } from './data-directory.ts';
import { ownKeys, readKeyFile } from './key-file.ts';
import { type KeySet, readKeySet } from './key-set-file.ts';

export interface Keys {
  /** HS256 secrets that tokens may be signed with; empty where an issuer publishes its keys. */
  readonly tokenSecrets: readonly string[];
  /** The issuer's public keys, where they are given as a file. */
  readonly jwks: KeySet | undefined;
  /** The secret this server made for itself, for development tokens. */
  readonly ownSecret: string | undefined;
  readonly encryptionKeys: readonly { readonly version: number; readonly key: Uint8Array }[];
}

/**
 * What the configuration does not give, the server makes for itself under its data directory, once.
 * The configuration only lets it come to that on loopback.
 */
export const openKeys = (config: Config): Keys => {
  const { tokens, encryptionKeys, dataDir } = config;
  prepareDataDir(dataDir);
  const own = tokens.secret === undefined && tokens.jwksUrl === undefined;
  const ownSecret = own ? readKeyFile(dataDir, ownKeys.token) : undefined;
  const made = () => Buffer.from(readKeyFile(dataDir, ownKeys.encryption), 'base64url');
  return {
    tokenSecrets: [ownSecret, tokens.secret, tokens.previousSecret].filter((s) => s !== undefined),
    jwks: tokens.jwksUrl?.startsWith('file:') ? readKeySet(tokens.jwksUrl) : undefined,
    ownSecret,
    encryptionKeys: encryptionKeys ?? [{ version: 1, key: made() }],
  };
};
