import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Chance } from '../domain/chance.ts';
import { TriplineError } from '../domain/errors.ts';
import { idOf } from '../domain/ids.ts';
import type { Idempotency, StoredEvent } from '../domain/recorded.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import type { EventStore } from '../store/event-store.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it was sent, before a schema filled in what was left out. */
    sentBody: unknown;
    /** Goes with every fact of a request that has a key. */
    idempotency: Idempotency | undefined;
  }
}

export interface IdempotencyDeps {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly sealing: KeyRing;
  readonly chance: Pick<Chance, 'newId'>;
}

interface Work<Answer> {
  /** The fact that an earlier request with this key led to. */
  readonly find: (requestId: string) => Promise<StoredEvent | undefined>;
  /** What was answered then, told from the log; secrets that are shown once are left out. */
  readonly repeat: (first: StoredEvent) => Answer | Promise<Answer>;
  /** `id`: what the new thing is to be called. */
  readonly work: (id: string) => Promise<Answer>;
}

const slugOf = (request: FastifyRequest) => request.params as { slug: string; id?: string };

/**
 * The same key in the same workspace at the same address is the same request, whoever sends it.
 * A name-based id: a key nobody can guess makes an id nobody can guess.
 */
const requestIdOf = (request: FastifyRequest, key: string): string => {
  const { slug, id = '' } = slugOf(request);
  return idOf('request', slug, request.method, request.routeOptions.url ?? '', id, key);
};

const digestOf = (body: unknown): string =>
  hash('sha256', Buffer.isBuffer(body) ? body : JSON.stringify(body ?? null), 'hex');

/**
 * Lets a request be sent again with the same key and be carried out once. What is created is named
 * after the key, so that the creating append at `no_stream` is the guard: there is nothing to keep
 * in step with it and nothing to clean up. A crash before that append leaves nothing done, a crash
 * after it leaves everything that is needed to answer. A refused request leaves nothing either and
 * may be sent again. Keys live as long as the log.
 */
export const createIdempotency = ({ sealing, chance }: Omit<IdempotencyDeps, 'store'>) => {
  const running = new Set<string>();

  const contextOf = (request: FastifyRequest, id: string) => [
    slugOf(request).slug,
    id,
    'fingerprint',
  ];

  const mustBeSame = (request: FastifyRequest, first: StoredEvent): void => {
    const { idempotency } = first.metadata;
    if (idempotency === undefined) return;
    const known = sealing.open(idempotency.fingerprint, contextOf(request, idempotency.request));
    if (known === digestOf(request.sentBody)) return;
    throw new TriplineError('idempotency-mismatch', 'this key came with another body');
  };

  const answer = async <Answer>(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    { find, repeat, work }: Work<Answer>,
  ): Promise<Answer> => {
    const before = await find(id);
    if (before !== undefined) {
      mustBeSame(request, before);
      reply.header('idempotency-replayed', 'true');
      return await repeat(before);
    }
    const fingerprint = sealing.seal(digestOf(request.sentBody), contextOf(request, id));
    request.idempotency = { request: id, fingerprint };
    const answered = await work(id);
    // Where several processes write to one log, another one may have been first.
    const first = await find(id);
    if (first !== undefined) mustBeSame(request, first);
    return answered;
  };

  return {
    /** Keeps what is sent to these routes for comparison. */
    watch: (app: FastifyInstance): void => {
      app.decorateRequest('sentBody', undefined);
      app.decorateRequest('idempotency', undefined);
      app.addHook('preValidation', async (request) => {
        if (request.headers['idempotency-key'] !== undefined) request.sentBody = request.body;
      });
    },
    /** Carries a request out, or answers what it led to before. */
    once: async <Answer>(
      request: FastifyRequest,
      reply: FastifyReply,
      steps: Work<Answer>,
    ): Promise<Answer> => {
      const key = idempotencyKeyOf(request);
      if (key === undefined) return await steps.work(chance.newId());
      const id = requestIdOf(request, key);
      if (running.has(id))
        throw new TriplineError('request-in-progress', 'a request with this key is under way');
      running.add(id);
      try {
        return await answer(request, reply, id, steps);
      } finally {
        running.delete(id);
      }
    },
    /** A check that comes before the body is read; not for what was answered with success before. */
    unlessAnswered:
      (
        find: (request: FastifyRequest, requestId: string) => Promise<StoredEvent | undefined>,
        check: (request: FastifyRequest) => Promise<void>,
      ) =>
      async (request: FastifyRequest): Promise<void> => {
        const key = request.headers['idempotency-key'] && safeKeyOf(request);
        const known = key ? await find(request, requestIdOf(request, key)) : undefined;
        if (known === undefined) await check(request);
      },
    /** Whether the fact was recorded for that request. */
    isOf: (event: StoredEvent, requestId: string): boolean =>
      event.metadata.idempotency?.request === requestId,
  };
};

/** A malformed key is refused later: what is not there comes first. */
const safeKeyOf = (request: FastifyRequest): string | undefined => {
  try {
    return idempotencyKeyOf(request);
  } catch {
    return undefined;
  }
};

export type IdempotencyGuard = ReturnType<typeof createIdempotency>;
