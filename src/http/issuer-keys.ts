import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';

const tenMinutes = 600_000;
const thirtySeconds = 30_000;
const fiveSeconds = 5_000;

/**
 * The keys an issuer publishes, from the configured address only: asked for again when they are ten
 * minutes old or a key is missing, at most every thirty seconds. The last good ones serve while the
 * address is away, and nobody but the one who asks waits for it.
 */
export const publishedKeys = (url: string, clock: Pick<Clock, 'elapsed'>): JWTVerifyGetKey => {
  const remote = createRemoteJWKSet(new URL(url), {
    cacheMaxAge: tenMinutes,
    timeoutDuration: fiveSeconds,
  });
  let keys: JWTVerifyGetKey | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;

  const mayAsk = (): boolean => clock.elapsed() - askedAt >= thirtySeconds;

  const ask = async (): Promise<JWTVerifyGetKey> => {
    askedAt = clock.elapsed();
    const failure: unknown = await remote.reload().catch((error: unknown) => error);
    const published = remote.jwks();
    if (failure === undefined && published) keys = createLocalJWKSet(published);
    if (keys) return keys;
    throw new TriplineError('keys-unavailable', 'the key set could not be fetched', {
      cause: failure,
    });
  };

  return async (header, token) => {
    const known = keys && (remote.fresh || !mayAsk()) ? keys : await ask();
    try {
      return await known(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !mayAsk()) throw error;
      return await (await ask())(header, token);
    }
  };
};
