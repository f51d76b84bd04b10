import {
  type CryptoKey,
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import type { Clock } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';
import { type IssuerKeys, publishedKeys } from './issuer-keys.ts';
import { type Principal, principalOf } from './principal.ts';

export interface TokenRules {
  /** HS256 secrets, all of them accepted: more than one while rotating. */
  readonly secrets: readonly string[];
  /** Instead of secrets: where the issuer publishes its keys. */
  readonly jwksUrl?: string | undefined;
  /** Instead of asking the issuer: its keys. */
  readonly jwks?: JSONWebKeySet | undefined;
  readonly algorithms: readonly string[];
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
}

/** Rejects with `unauthorized`, or `keys-unavailable` where the issuer's keys cannot be had. */
export type VerifyToken = (token: string) => Promise<Principal>;

type Check = (token: string, options: JWTVerifyOptions) => Promise<JWTPayload>;
type Key = Uint8Array | CryptoKey;

const refused = (reason: string, cause?: unknown) =>
  new TriplineError('unauthorized', reason, { cause });

/** The key does not fit the token, or is too short to be used at all; another one may do. */
const isOfTheKey = (error: unknown): boolean =>
  error instanceof errors.JWSSignatureVerificationFailed || error instanceof TypeError;

/** Where no `kid` says which key it is, each is tried; a failure that is not of the key counts. */
const withAnyOf = async (
  keys: Iterable<Key> | AsyncIterable<Key>,
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload> => {
  for await (const key of keys) {
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (!isOfTheKey(error)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
};

const withSecrets = (secrets: readonly string[]): Check => {
  const keys = secrets.map((secret) => new TextEncoder().encode(secret));
  return (token, options) => withAnyOf(keys, token, { ...options, algorithms: ['HS256'] });
};

const withKeySet =
  (getKey: JWTVerifyGetKey, algorithms: readonly string[]): Check =>
  async (token, given) => {
    const options = { ...given, algorithms: [...algorithms] };
    try {
      return (await jwtVerify(token, getKey, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      return await withAnyOf(error, token, options);
    }
  };

/** Without a `kid` a new key of the issuer shows itself only in that the old ones do not fit. */
const withIssuer =
  (keys: IssuerKeys, algorithms: readonly string[]): Check =>
  async (token, options) => {
    const current = await keys.current();
    try {
      return await withKeySet(current, algorithms)(token, options);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) && !isOfTheKey(error)) throw error;
      const renewed = await keys.renewed(current);
      if (renewed === undefined) throw error;
      return await withKeySet(renewed, algorithms)(token, options);
    }
  };

const checkOf = ({ jwks, jwksUrl, secrets, algorithms }: TokenRules, clock: Clock): Check => {
  if (jwks !== undefined) return withKeySet(createLocalJWKSet(jwks), algorithms);
  if (jwksUrl !== undefined) return withIssuer(publishedKeys(jwksUrl, clock), algorithms);
  return withSecrets(secrets);
};

const reasonOf = (error: unknown): string =>
  error instanceof errors.JWTExpired
    ? 'the token has expired'
    : error instanceof errors.JWTClaimValidationFailed
      ? `the token's claim ${error.claim} is missing or wrong`
      : 'the token is malformed or badly signed';

/** Algorithms and keys come from the configuration; nothing in a token's header chooses them. */
export const createTokenVerifier = (rules: TokenRules, clock: Clock): VerifyToken => {
  const check = checkOf(rules, clock);
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
