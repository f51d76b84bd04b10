import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refusalAddress } from '../actors/addresses.ts';
import { isoOf } from '../domain/clock.ts';
import { type ErrorCode, isTriplineError } from '../domain/errors.ts';
import type { HttpDeps } from './deps.ts';
import type { Principal } from './principal.ts';
import { problems } from './problems.ts';

export type RefusalDeps = Pick<HttpDeps, 'actors' | 'clock' | 'chance' | 'log'> & {
  readonly exists: (workspace: string) => boolean;
};

/** Per workspace: so many at once, and then one in so many milliseconds. */
const burst = 20;
const refillMs = 5_000;

const notedStatuses: ReadonlySet<number> = new Set([403, 409, 412, 422]);

interface Bucket {
  left: number;
  at: number;
  suppressed: number;
}

const isNoted = (code: ErrorCode): boolean =>
  // Whoever is told to ask again will.
  code !== 'request-in-progress' && notedStatuses.has(problems[code].status);

const isManagement = ({ method, routeOptions }: FastifyRequest): boolean => {
  const scope = routeOptions.config.scope ?? '';
  return method !== 'GET' && scope.endsWith(':write') && !scope.startsWith('events:');
};

/**
 * A refused change leaves one trace: the fact that it was asked for, by whom, and why not. Changes
 * that were well-formed and authenticated, that is; anything else would let a flood fill the log,
 * as would noting every one of many: beyond a rate they are counted, and the next one noted tells
 * how many. Nobody waits for the note, and nothing that was sent is in it.
 */
export const createRefusalNotes = ({ actors, clock, chance, log, exists }: RefusalDeps) => {
  const buckets = new Map<string, Bucket>();

  const bucketOf = (workspace: string): Bucket => {
    const now = clock.now();
    const bucket = buckets.get(workspace) ?? { left: burst, at: now, suppressed: 0 };
    const refilled = Math.max(0, Math.floor((now - bucket.at) / refillMs));
    bucket.left = Math.min(burst, bucket.left + refilled);
    bucket.at = bucket.left === burst ? now : bucket.at + refilled * refillMs;
    buckets.set(workspace, bucket);
    return bucket;
  };

  const record = (request: FastifyRequest, { actor }: Principal, code: ErrorCode): void => {
    const { slug: workspace, id = null } = request.params as { slug: string; id?: string };
    const bucket = bucketOf(workspace);
    if (bucket.left === 0) {
      bucket.suppressed += 1;
      return;
    }
    bucket.left -= 1;
    const { suppressed } = bucket;
    bucket.suppressed = 0;
    const route = request.routeOptions.url ?? '';
    actors
      .ask(
        refusalAddress(chance.newId()),
        { type: 'NoteRefusal', method: request.method, route, target: id, code, suppressed },
        { workspace, actor, occurredAt: isoOf(clock.now()), $correlationId: request.id },
      )
      .catch((err) => log.warn({ workspace, err }, 'refusal not noted'));
  };

  return {
    watch: (app: FastifyInstance): void => {
      app.addHook('onError', (request, _reply, error, done) => {
        const { principal } = request;
        const { slug } = request.params as { slug?: string };
        // A workspace that nobody is in must not come into being by refusals.
        const counts = principal && slug !== undefined && isManagement(request) && exists(slug);
        if (counts && isTriplineError(error) && isNoted(error.code))
          record(request, principal, error.code);
        done();
      });
    },
  };
};
