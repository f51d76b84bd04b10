import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';

interface Definition {
  readonly name: string;
  readonly examples: readonly unknown[];
}

/** One delivery as GitHub makes it: an event name, an id of its own and a signature over the bytes. */
export interface GithubDelivery {
  readonly event: string;
  readonly id: string;
  readonly body: string;
}

const require = createRequire(import.meta.url);
const definitions = require('@octokit/webhooks-examples') as Definition[];

/** Real payloads, every kind of event before any kind comes again. */
export const githubDeliveries = (count: number): GithubDelivery[] => {
  const deliveries: GithubDelivery[] = [];
  for (let round = 0; deliveries.length < count && round < 10; round += 1)
    for (const { name, examples } of definitions) {
      const example = examples[round];
      if (example === undefined || deliveries.length >= count) continue;
      deliveries.push({ event: name, id: randomUUID(), body: JSON.stringify(example) });
    }
  return deliveries;
};

export const githubHeaders = (
  { event, id, body }: Omit<GithubDelivery, 'body'> & { readonly body: string | Buffer },
  secret: string,
): Record<string, string> => ({
  'content-type': 'application/json',
  'user-agent': 'GitHub-Hookshot/044aadd',
  'x-github-event': event,
  'x-github-delivery': id,
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});

export interface Posted {
  readonly status: number;
  readonly eventId: string | null;
}

/** Status 0: the connection broke, so nobody knows whether it was taken. */
export const post = async (
  url: string,
  delivery: GithubDelivery,
  secret: string,
): Promise<Posted> => {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: githubHeaders(delivery, secret),
      body: delivery.body,
      signal: AbortSignal.timeout(10_000),
    });
    const body = (await answer.json()) as { event_id?: string };
    return { status: answer.status, eventId: body.event_id ?? null };
  } catch {
    return { status: 0, eventId: null };
  }
};
