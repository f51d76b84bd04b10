import type { Call, Reaction } from '../process/function-endpoint.ts';

interface Body {
  readonly event: { readonly metadata: { readonly headers: Readonly<Record<string, string>> } };
}

/** A function with a will of its own: it takes its time, is down for a moment, and refuses forks. */
export const moodyFunction = ({ body, ordinal }: Call): Reaction => {
  const { event } = JSON.parse(body) as Body;
  const kind = event.metadata.headers['x-github-event'];
  if (kind === 'fork') return { status: 422 };
  if (kind === 'push' || kind === 'issues') return { status: ordinal === 1 ? 503 : 200 };
  return { status: 200, afterMs: 30 };
};
