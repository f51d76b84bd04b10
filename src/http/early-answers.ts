import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How much of a body that is refused is still taken in. */
const mostPassedOver = 67_108_864;

const isTooLong = ({ headers }: IncomingMessage, limit: number): boolean =>
  Number(headers['content-length']) > limit;

/** Whoever asks before sending a body that is too long is told so instead of being asked for it. */
export const askForBodies = (server: Server, limit: number): void => {
  server.on('checkContinue', (request, answer) => {
    if (!isTooLong(request, limit)) answer.writeContinue();
    server.emit('request', request, answer);
  });
};

/** The platform closes the connection behind its last answer: not before `request` has ended. */
const closeBehind = (request: IncomingMessage, socket: Socket): void => {
  const close = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    socket.end();
    if (request.readableEnded || request.destroyed) close();
    else request.once('end', close);
  };
};

/**
 * To be told when a request is answered before its body has come. A connection that is closed while
 * data comes in is reset, and its sender, who is still writing, never sees the answer. So the rest is
 * taken in and passed over, within bounds; the time it may take is that of any request.
 */
export const passOverRest = ({ raw }: FastifyRequest, reply: FastifyReply): void => {
  const { socket } = raw;
  // Who waits to be asked for the body sends none of it.
  const sendsNothing =
    raw.headers.expect !== undefined && raw.headers['content-length'] !== undefined;
  if (raw.complete || sendsNothing || !(socket instanceof Socket)) return;
  reply.removeHeader('connection');
  if (!reply.raw.shouldKeepAlive) closeBehind(raw, socket);
  let left = mostPassedOver;
  raw.on('data', ({ length }: Buffer) => {
    left -= length;
    if (left < 0) socket.destroy();
  });
};
