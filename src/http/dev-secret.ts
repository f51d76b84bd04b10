import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { isTriplineError, TriplineError } from '../domain/errors.ts';
import { resources } from './principal.ts';

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** Written at once and synced, readable by the owner only; an existing file is never touched. */
const create = async (path: string): Promise<string> => {
  const secret = randomBytes(32).toString('base64url');
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`${secret}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return secret;
};

/** The token secret of a server that was given none: made at the first start, kept beside the data. */
export const openDevSecret = async (dataDir: string): Promise<string> => {
  const path = join(dataDir, 'jwt-secret');
  try {
    const secret = (await readFile(path, 'utf8')).trim();
    if (secret.length >= 32) return secret;
    throw new TriplineError('invalid-configuration', `${path} does not hold a secret`);
  } catch (error) {
    if (isTriplineError(error) || !isCode(error, 'ENOENT')) throw error;
    return create(path);
  }
};

export interface DevToken {
  readonly secret: string;
  readonly workspace: string;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** A token with every right in one workspace, for trying things out. */
export const mintDevToken = (token: DevToken): Promise<string> => {
  const permissions = Object.fromEntries(resources.map((name) => [name, ['read', 'write']]));
  const jwt = new SignJWT({ workspace: token.workspace, permissions })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject('developer')
    .setExpirationTime(token.expiresAt);
  if (token.issuer !== undefined) jwt.setIssuer(token.issuer);
  if (token.audience !== undefined) jwt.setAudience(token.audience);
  return jwt.sign(new TextEncoder().encode(token.secret));
};
