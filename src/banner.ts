import { type Config, redactUrl } from './config.ts';
import type { Clock } from './domain/clock.ts';
import { mintDevToken } from './http/dev-token.ts';
import type { Keys } from './keys.ts';

const week = 7 * 86_400;

/** What a newcomer needs after the first start: where it is, where its data lies, what to try. */
export const bannerOf = async (
  url: string,
  config: Config,
  keys: Keys,
  clock: Pick<Clock, 'now'>,
): Promise<string> => {
  const { tokens, dataDir, store } = config;
  const lines = [
    `Tripline listens on ${url}  (API page: ${url}/docs)`,
    `data directory: ${dataDir}   log: ${redactUrl(store)}`,
  ];
  if (keys.ownSecret !== undefined) {
    const token = await mintDevToken({
      secret: keys.ownSecret,
      workspace: 'demo',
      issuer: tokens.issuer,
      audience: tokens.audience,
      expiresAt: Math.floor(clock.now() / 1_000) + week,
    });
    lines.push(
      'No token keys are configured: this server made its own and listens on loopback only.',
      'A token for the workspace "demo", valid for a week:',
      '',
      `  ${token}`,
      '',
      'Try it:',
      '',
      `  curl -H "Authorization: Bearer ${token}" ${url}/workspace/demo/api/v1/function-triggers`,
      '',
    );
  }
  return `${lines.join('\n')}\n`;
};
