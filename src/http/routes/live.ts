import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isTriplineError } from '../../domain/errors.ts';
import { invalidField } from '../../domain/invalid.ts';
import { asPosition, type Position } from '../../domain/position.ts';
import type { StoredEvent } from '../../domain/recorded.ts';
import type { LiveReader } from '../../operations/live/live-reader.ts';
import { stillGranted } from '../access.ts';
import { createEventStream, type EventStream, frameOf } from '../event-stream.ts';
import { toEntry } from './audit.ts';
import { positionForm } from './moment.ts';
import { base, type InWorkspace, type RouteDeps } from './route.ts';
import { resource, row } from './rows.ts';

/** Also how long a token that is not good any more can still be used. */
const heartbeatMs = 15_000;
/** A reader that takes nothing for so long is cut. */
const patienceMs = 30_000;
/** And has so long to come to read why. */
const lastWordsMs = 5_000;
/** When a reader whose connection broke may come again. */
const comeAgainMs = 2_000;
const mostInOne = 65_536;

const Id = z.string().min(1).max(64);
const Filters = z.strictObject({
  after: Id.optional().describe('A position in the log: all behind it comes first; `0` for all.'),
  type: z.string().optional().describe('Types of facts, comma-separated.'),
  trigger: Id.optional().describe('Facts that name this trigger, or are of its invocations.'),
  function: Id.optional().describe('The same of a function.'),
  correlationId: z.string().min(1).max(256).optional(),
});

const filterOf = (workspace: string, query: z.infer<typeof Filters>) => ({
  workspace,
  types: query.type?.split(',').filter((type) => type !== ''),
  triggerId: query.trigger,
  functionId: query.function,
  correlationId: query.correlationId,
});

/** A reader that comes again says what it saw last, whatever its address says. */
const placeIn = (
  { headers }: Pick<FastifyRequest, 'headers'>,
  after: string | undefined,
): Position | undefined => {
  const last = headers['last-event-id'];
  const [name, place] =
    typeof last === 'string' && last !== '' ? ['Last-Event-ID', last] : ['after', after];
  if (place === undefined) return undefined;
  if (place.length > 64 || !positionForm.test(place))
    throw invalidField(name, 'must be a position in the log');
  return asPosition(place);
};

/** Frames put together, so that many short ones are not sent one by one, nor long ones held at once. */
function* piecesOf(facts: readonly StoredEvent[]): Generator<string> {
  let piece = '';
  for (const fact of facts) {
    piece += frameOf({ id: fact.position, data: toEntry(fact) });
    if (piece.length < mostInOne) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

const cut = (reason: string, message: string): string =>
  frameOf({ event: 'cut', data: { reason, message } });

const tooSlow = cut('too_slow', `nothing was read for ${patienceMs / 1_000} seconds`);

const why = (error: unknown): string =>
  isTriplineError(error)
    ? cut(error.code.replaceAll('-', '_'), error.message)
    : cut('internal', 'something went wrong on our side');

/** What a reader is sent, until it may not read any more or nothing more can be told. */
async function* wordsFor(
  { verifyToken, clock }: Pick<RouteDeps, 'verifyToken' | 'clock'>,
  request: FastifyRequest,
  reader: LiveReader,
): AsyncGenerator<string, never> {
  let grantedAt = clock.elapsed();
  yield `retry: ${comeAgainMs}\n\n`;
  for (;;) {
    const { facts, upTo } = await reader.next(heartbeatMs);
    if (clock.elapsed() - grantedAt >= heartbeatMs) {
      await stillGranted(verifyToken, request);
      grantedAt = clock.elapsed();
    }
    yield* piecesOf(facts);
    // Also of what was passed over: who comes again need not have it looked through once more.
    if (facts.at(-1)?.position !== upTo) yield `:\n${frameOf({ id: upTo })}`;
  }
}

/** Until its reader goes or falls behind, or there is no more to say; answers the last words. */
const tell = async (
  deps: RouteDeps,
  request: FastifyRequest,
  reader: LiveReader,
  stream: EventStream,
): Promise<string> => {
  const { slug: workspace } = request.params as InWorkspace;
  try {
    for await (const words of wordsFor(deps, request, reader))
      if (!(await stream.send(words, patienceMs))) break;
    if (!stream.body.destroyed) deps.log.info({ workspace }, 'slow live reader cut');
    return tooSlow;
  } catch (error) {
    const isExpected = isTriplineError(error) || stream.body.destroyed;
    if (!isExpected) deps.log.error({ err: error }, 'live reading failed');
    return why(error);
  }
};

/** What is recorded in the workspace, as it is recorded: what the audit shows, pushed. */
export const live = resource({ tag: 'audit', at: `${base}/live`, right: 'audit' }, (deps) => [
  row({
    operationId: 'followLive',
    method: 'GET',
    path: '',
    summary: 'Follow recorded facts as they come, as server-sent events',
    description: `Each fact is a message: its \`id\` is its position, its data is as in the audit. With
      \`after\` or \`Last-Event-ID\` what came since is sent first, without gap or repetition. At least every
      15 seconds an \`id\` comes without data: up to there nothing else was asked for. The last
      event is \`cut\`, with a \`reason\`: \`too_slow\` after 30 seconds in which nothing was read,
      \`unauthorized\` once the token is over, \`shutting_down\`, or another code of a problem; come again with the last \`id\`.`,
    query: Filters,
    handle: async (request, reply) => {
      const { operations, clock } = deps;
      const { params, query } = request;
      const place = placeIn(request, query.after);
      reply
        .type('text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no');
      if (request.method === 'HEAD') return reply.send('');
      const reader = await operations.live.open(filterOf(params.slug, query), place);
      const gone = new Error('the reader has gone');
      const stream = createEventStream(clock, () => operations.live.close(reader, gone));
      void tell(deps, request, reader, stream).then((words) => stream.end(words, lastWordsMs));
      return reply.send(stream.body);
    },
  }),
]);
