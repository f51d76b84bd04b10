import { SignJWT } from 'jose';
import { resources } from './principal.ts';

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
