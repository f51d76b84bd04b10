import { createServer, type RequestListener } from 'node:http';
import {
  type AddressInfo,
  createServer as createNetServer,
  type Server,
  type Socket,
} from 'node:net';

interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on a free port of the loopback interface; whoever is still connected is cut off at the end. */
const listening = async (server: Server, cutOff: () => void): Promise<Listening> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cutOff();
      }),
  };
};

/** A real HTTP server. */
export const httpServer = (listener: RequestListener): Promise<Listening> => {
  const server = createServer(listener);
  return listening(server, () => server.closeAllConnections());
};

/** A TCP server that says whatever the test wants. */
export const rawServer = (onSocket: (socket: Socket) => void): Promise<Listening> => {
  const sockets = new Set<Socket>();
  const server = createNetServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  return listening(server, () => {
    for (const socket of sockets) socket.destroy();
  });
};
