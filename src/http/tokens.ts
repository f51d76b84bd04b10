import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import type { Clock } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';
import { type Principal, principalOf } from './principal.ts';

export interface TokenRules {
  /** HS256 secrets, all of them accepted: more than one while rotating. */
  readonly secrets: readonly string[];
  /** Instead of secrets: where the issuer publishes its keys. */
  readonly jwksUrl?: string | undefined;
  readonly algorithms: readonly string[];
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
}

/** Rejects with `unauthorized`, or `keys-unavailable` where the issuer's keys cannot be had. */
export type VerifyToken = (token: string) => Promise<Principal>;

type Check = (token: string, options: JWTVerifyOptions) => Promise<JWTPayload>;

const refused = (reason: string, cause?: unknown) =>
  new TriplineError('unauthorized', reason, { cause });

const withSecrets = (secrets: readonly string[]): Check => {
  const keys = secrets.map((secret) => new TextEncoder().encode(secret));
  return async (token, options) => {
    let failure: unknown = refused('no key is configured');
    for (const key of keys) {
      try {
        return (await jwtVerify(token, key, { ...options, algorithms: ['HS256'] })).payload;
      } catch (error) {
        failure = error;
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
      }
    }
    throw failure;
  };
};

const tenMinutes = 600_000;
const thirtySeconds = 30_000;

/** Keys by `kid` from the configured address only; the last good ones serve while it is away. */
const withIssuer = (url: string, algorithms: readonly string[]): Check => {
  const remote = createRemoteJWKSet(new URL(url), {
    cacheMaxAge: tenMinutes,
    cooldownDuration: thirtySeconds,
    timeoutDuration: 5_000,
  });
  const key: JWTVerifyGetKey = async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) throw error;
      const last = remote.jwks();
      if (last) return createLocalJWKSet(last)(header, token);
      throw new TriplineError('keys-unavailable', 'the key set could not be fetched', {
        cause: error,
      });
    }
  };
  return async (token, options) =>
    (await jwtVerify(token, key, { ...options, algorithms: [...algorithms] })).payload;
};

const reasonOf = (error: unknown): string =>
  error instanceof errors.JWTExpired
    ? 'the token has expired'
    : error instanceof errors.JWTClaimValidationFailed
      ? `the token's claim ${error.claim} is missing or wrong`
      : 'the token is malformed or badly signed';

/** Algorithms and keys come from the configuration; nothing in a token's header chooses them. */
export const createTokenVerifier = (rules: TokenRules, clock: Clock): VerifyToken => {
  const check =
    rules.jwksUrl === undefined
      ? withSecrets(rules.secrets)
      : withIssuer(rules.jwksUrl, rules.algorithms);
  return async (token) => {
    const claims = await check(token, {
      ...(rules.issuer !== undefined && { issuer: rules.issuer }),
      ...(rules.audience !== undefined && { audience: rules.audience }),
      requiredClaims: ['exp', 'sub'],
      clockTolerance: 30,
      currentDate: new Date(clock.now()),
    }).catch((error: unknown) => {
      throw error instanceof TriplineError ? error : refused(reasonOf(error), error);
    });
    const principal = principalOf(claims);
    if (!principal) throw refused("the token's claims do not have the documented form");
    return principal;
  };
};
