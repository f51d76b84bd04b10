import { SignJWT } from 'jose';
import { resources, type Scope } from './principal.ts';

export interface DevToken {
  readonly secret: string;
  readonly workspace: string;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly subject?: string;
  /** Every right where it is left out. */
  readonly scopes?: readonly Scope[];
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

const permissionsOf = (scopes: readonly Scope[] | undefined) =>
  scopes ?? Object.fromEntries(resources.map((name) => [name, ['read', 'write']]));

/** A token for one workspace, signed with a secret that a server accepts. */
export const mintDevToken = (token: DevToken): Promise<string> => {
  const { workspace, scopes, subject = 'developer' } = token;
  const jwt = new SignJWT({ workspace, permissions: permissionsOf(scopes) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(subject)
    .setExpirationTime(token.expiresAt);
  if (token.issuer !== undefined) jwt.setIssuer(token.issuer);
  if (token.audience !== undefined) jwt.setAudience(token.audience);
  return jwt.sign(new TextEncoder().encode(token.secret));
};
