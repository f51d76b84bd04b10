import { createLocalJWKSet, createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';

const tenMinutes = 600_000;
const thirtySeconds = 30_000;
const fiveSeconds = 5_000;

/**
 * The keys an issuer publishes, from the configured address only, which is asked at most every
 * thirty seconds. The last good ones serve while it is away, and nobody but the one who asks waits
 * for it.
 */
export interface IssuerKeys {
  /** No older than ten minutes, where the issuer can be asked. */
  current(): Promise<JWTVerifyGetKey>;
  /**
   * For a token that none of `tried` fits: keys that came later than those. Undefined where there
   * are none and the issuer has been asked just now.
   */
  renewed(tried: JWTVerifyGetKey): Promise<JWTVerifyGetKey | undefined>;
}

export const publishedKeys = (url: string, clock: Pick<Clock, 'elapsed'>): IssuerKeys => {
  const remote = createRemoteJWKSet(new URL(url), {
    cacheMaxAge: tenMinutes,
    timeoutDuration: fiveSeconds,
  });
  let keys: JWTVerifyGetKey | undefined;
  let asking: Promise<JWTVerifyGetKey> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;

  const mayAsk = (): boolean => clock.elapsed() - askedAt >= thirtySeconds;

  const fetched = async (): Promise<JWTVerifyGetKey> => {
    const failure: unknown = await remote.reload().catch((error: unknown) => error);
    const published = remote.jwks();
    if (failure === undefined && published) keys = createLocalJWKSet(published);
    if (keys) return keys;
    throw new TriplineError('keys-unavailable', 'the key set could not be fetched', {
      cause: failure,
    });
  };

  const ask = (): Promise<JWTVerifyGetKey> => {
    askedAt = clock.elapsed();
    asking = fetched().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return {
    current: async () => (keys && (remote.fresh || !mayAsk()) ? keys : (asking ?? ask())),
    renewed: async (tried) => {
      if (keys !== tried) return keys;
      return asking ?? (mayAsk() ? ask() : undefined);
    },
  };
};
