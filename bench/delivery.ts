import { createHmac, randomBytes } from 'node:crypto';

/** What a GitHub-like sender posts to one webhook. */
export interface Sender {
  readonly port: number;
  readonly path: string;
  readonly secret: string;
}

const base = (marker: string) => ({
  ref: 'refs/heads/main',
  marker,
  before: randomBytes(20).toString('hex'),
  after: randomBytes(20).toString('hex'),
  repository: { id: 186853002, name: 'hello-world', full_name: 'codertocat/hello-world' },
  pusher: { name: 'codertocat', email: 'codertocat@example.com' },
  sender: { login: 'codertocat', id: 21031067, type: 'User', site_admin: false },
  created: false,
  deleted: false,
  forced: false,
  commits: [] as string[],
});

/** A JSON body of exactly `bytes` ASCII bytes that carries `marker`. */
export const bodyOf = (marker: string, bytes = 1_024): string => {
  const short = JSON.stringify({ ...base(marker), message: '' });
  return `${short.slice(0, -2)}${'x'.repeat(Math.max(0, bytes - short.length))}"}`;
};

const markerText = '"marker":"';

/** Finds the marker again in whatever JSON was made of the body. */
export const markerIn = (text: string): string | undefined => {
  const at = text.indexOf(markerText);
  const start = at + markerText.length;
  return at < 0 ? undefined : text.slice(start, text.indexOf('"', start));
};

/** A signed request that only lacks its delivery id; signing is not what the load should cost. */
export const prepareDelivery = (
  { path, secret }: Sender,
  body: string,
): ((deliveryId: string) => string) => {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const head =
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n` +
    `content-length: ${body.length}\r\nuser-agent: GitHub-Hookshot/bench\r\nx-github-event: push\r\n` +
    `x-hub-signature-256: sha256=${signature}\r\nx-github-delivery: `;
  const tail = `\r\n\r\n${body}`;
  return (deliveryId) => head + deliveryId + tail;
};
