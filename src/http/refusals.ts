import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isTriplineError } from '../domain/errors.ts';
import { invalid } from '../domain/invalid.ts';
import type { Logger } from '../domain/logger.ts';
import { passOverRest } from './early-answers.ts';
import { problemOf, problems, type Refused } from './problems.ts';

/** What the framework refuses by itself, in our words. */
const frameworkCodes: Readonly<Record<string, Refused['code']>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_BAD_URL: 'not-found',
  FST_ERR_MAX_PARAM_LENGTH: 'not-found',
};

const refusedByFramework = (error: FastifyError): Refused | undefined => {
  const status = error.statusCode ?? 500;
  const known = frameworkCodes[error.code];
  if (known !== undefined) return { code: known, detail: '', details: [] };
  if (status === 404 || status === 414) return { code: 'not-found', detail: '', details: [] };
  if (status < 400 || status >= 500) return undefined;
  return {
    code: 'validation-failed',
    detail: error.message,
    details: [{ field: 'body', message: error.message }],
  };
};

const refusedOf = (error: unknown): Refused => {
  if (isTriplineError(error)) {
    const { code, message, details } = error;
    return { code, detail: message, details };
  }
  if (error instanceof z.core.$ZodError) return refusedOf(invalid(error));
  const framework = error instanceof Error ? refusedByFramework(error as FastifyError) : undefined;
  return framework ?? { code: 'internal', detail: '', details: [] };
};

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';

const problemReply = (request: FastifyRequest, reply: FastifyReply, refused: Refused) => {
  const { status, retryAfter } = problems[refused.code];
  passOverRest(request, reply);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  return reply
    .code(status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problemOf(refused, pathOf(request), request.id));
};

/** Every failure of a request ends here; from 500 up the log has the cause and the caller has not. */
export const createRefuser =
  (log: Logger) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const refused = refusedOf(error);
    if (problems[refused.code].status >= 500) {
      log.error({ requestId: request.id, code: refused.code, err: error }, 'request failed');
    }
    return problemReply(request, reply, refused);
  };

export const nothingHere = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  problemReply(request, reply, { code: 'not-found', detail: '', details: [] });

/** A refusal of the HTTP parser itself: there is no request yet, so it goes straight to the socket. */
export const answerBrokenRequest = (error: Error & { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, title] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? [408, 'Request Timeout']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'Request Header Fields Too Large']
        : [400, 'Bad Request'];
  const body = JSON.stringify({ type: 'about:blank', title, status, error: title, message: title });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\ncontent-type: application/problem+json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
};
