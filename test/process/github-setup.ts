import type { Api } from './api.ts';

export const githubSecret = 'It is a secret to everybody, at least 32 bytes';

/** Attempts of each trigger that may be under way at once. */
export const slots = 16;

export interface GithubSetup {
  readonly functionId: string;
  readonly triggerId: string;
  readonly url: string;
}

interface SetupOptions {
  readonly name?: string;
  /** Further members of the trigger's metadata. */
  readonly metadata?: object;
}

/** One function and one webhook that trusts GitHub's signature. */
export const setUpGithub = async (
  api: Api,
  functionUrl: string,
  { name = 'github', metadata = {} }: SetupOptions = {},
): Promise<GithubSetup> => {
  const registered = await api.ask('POST', 'compute-functions', {
    name,
    type: 'http',
    url: functionUrl,
    concurrency: slots,
  });
  const trigger = await api.ask('POST', 'function-triggers', {
    name,
    functionId: registered.id,
    executionType: 'webhook',
    triggerMetadata: {
      path: `/${name}`,
      signature: { scheme: 'github', secrets: [{ value: githubSecret, encrypt: true }] },
      concurrency: slots,
      queueCapacity: 10_000,
      rawBody: true,
      retry: { maxAttempts: 6, initialDelayMs: 20, maxDelayMs: 100 },
      ...metadata,
    },
  });
  return {
    functionId: String(registered.id),
    triggerId: String(trigger.id),
    url: api.webhookUrl(name),
  };
};
