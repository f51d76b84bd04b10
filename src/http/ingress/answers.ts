import type { FastifyReply } from 'fastify';

const json = 'application/json; charset=utf-8';
const refused = (message: string): string => JSON.stringify({ status: 'error', message });

const stopped = refused('webhook stopped');
const full = refused('queue full');
const unreadable = refused('signing secret cannot be read');
const missing = refused('Missing or invalid signature');
const wrong = refused('Invalid signature');

const send = (reply: FastifyReply, status: number, body: string): FastifyReply =>
  reply.code(status).header('content-type', json).send(body);

const later = (reply: FastifyReply, seconds: number): FastifyReply =>
  reply.header('retry-after', seconds);

/** A webhook's answers; 401 and 503 have a form of their own, which senders know. */
export const answers = {
  accepted: (reply: FastifyReply, eventId: string) =>
    send(reply, 202, `{"status":"accepted","event_id":"${eventId}"}`),
  knownBefore: (reply: FastifyReply, eventId: string) =>
    send(reply, 202, `{"status":"accepted","event_id":"${eventId}","duplicate":true}`),
  missingSignature: (reply: FastifyReply) => send(reply, 401, missing),
  wrongSignature: (reply: FastifyReply) => send(reply, 401, wrong),
  stopped: (reply: FastifyReply) => send(later(reply, 30), 503, stopped),
  full: (reply: FastifyReply) => send(later(reply, 30), 503, full),
  unreadableSecret: (reply: FastifyReply) => send(later(reply, 30), 503, unreadable),
  unavailable: (reply: FastifyReply, status: number, meaning: string, seconds: number) =>
    send(later(reply, seconds), status, refused(meaning)),
} as const;
