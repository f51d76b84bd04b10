import type { Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** The open connections of a server, by whether somebody waits there for an answer. */
export interface Connections {
  watch(server: Server): void;
  /** The request that this is the answer to has begun. */
  asked(answer: ServerResponse): void;
  /**
   * From now on a connection lasts only as long as an answer is under way on it: those that are
   * silent, idle, or in the middle of a request are closed at once.
   */
  retire(): void;
  /** Resolves when none is left. */
  gone(): Promise<void>;
  /** Whoever has not read its answer by now goes without. */
  cutOff(): void;
}

const refusal =
  'HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';

/** A sender in the middle of a body is told to come again, if it listens. */
const turnAway = (socket: Socket, answer: ServerResponse): void => {
  if (!answer.headersSent && socket.writable) socket.write(refusal);
  socket.destroySoon();
};

const closeAfter = (socket: Socket, answer: ServerResponse): void => {
  if (!answer.headersSent) answer.setHeader('connection', 'close');
  answer.once('close', () => socket.destroySoon());
};

export const createConnections = (): Connections => {
  const open = new Map<Socket, ServerResponse | undefined>();
  let retiring = false;
  let nobodyLeft: (() => void)[] = [];

  const leave = (socket: Socket): void => {
    open.delete(socket);
    if (open.size > 0) return;
    for (const tell of nobodyLeft) tell();
    nobodyLeft = [];
  };

  const enter = (socket: Socket): void => {
    open.set(socket, undefined);
    socket.once('close', () => leave(socket));
    if (retiring) socket.destroy();
  };

  const retireOne = (socket: Socket, answer: ServerResponse | undefined): void => {
    if (answer === undefined || answer.closed) socket.destroy();
    // Without a socket it stands behind another answer on the same connection.
    else if (answer.req.complete || answer.socket === null) closeAfter(socket, answer);
    else turnAway(socket, answer);
  };

  return {
    watch: (server) => void server.on('connection', enter),
    asked(answer) {
      const { socket } = answer.req;
      if (!open.has(socket)) {
        // A second listener of the framework (`localhost` has two addresses), or no network at all.
        if (!(socket instanceof Socket)) return;
        enter(socket);
      }
      open.set(socket, answer);
    },
    retire() {
      retiring = true;
      for (const [socket, answer] of open) retireOne(socket, answer);
    },
    gone: () =>
      open.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            nobodyLeft.push(resolve);
          }),
    cutOff() {
      for (const socket of open.keys()) socket.destroy();
    },
  };
};
