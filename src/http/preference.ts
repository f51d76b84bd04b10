import type { FastifyReply, FastifyRequest } from 'fastify';

const longestSeconds = 60;
const named = /^\s*wait\s*(?:[=;]|$)/i;
const seconds = /^\s*wait\s*=\s*(\d{1,9})\s*(?:;|$)/i;

/** Values in quotes, where they are no numbers, may hold what looks like another preference. */
const unquoted = (header: string): string =>
  header.replaceAll(/"(\d*)"/g, '$1').replaceAll(/"(?:[^"\\]|\\.)*"?/g, '');

/**
 * How long the answer may take (`Prefer: wait=…`, RFC 7240), in whole seconds, at most sixty. Zero
 * where nothing was said, or nothing that makes sense: a preference is never refused.
 */
export const waitIn = (header: string | undefined): number => {
  const first = unquoted(header ?? '')
    .split(',')
    .find((preference) => named.test(preference));
  return Math.min(Number(seconds.exec(first ?? '')?.[1] ?? 0), longestSeconds);
};

export const waitAsked = ({ headers: { prefer } }: FastifyRequest): number =>
  waitIn(typeof prefer === 'string' ? prefer : prefer?.join(','));

export const waitApplied = (reply: FastifyReply, wait: number): FastifyReply =>
  reply.header('preference-applied', `wait=${wait}`);

/** Aborts when whoever asked has gone. */
export const gone = ({ raw }: FastifyReply): AbortSignal => {
  const leaving = new AbortController();
  raw.once('close', () => leaving.abort());
  return leaving.signal;
};
