import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** Connections that keep a server waiting, each brought to where it falls silent. */
export interface SilentPeer {
  readonly name: string;
  fallSilent(socket: Socket): Promise<void>;
}

const untilAnswered = async (socket: Socket, expected: string): Promise<void> => {
  let text = '';
  while (!text.includes(expected)) {
    const [chunk] = await once(socket, 'data');
    text += String(chunk);
  }
};

export const halfBody: SilentPeer = {
  name: 'sends half a body',
  async fallSilent(socket) {
    const line = 'POST /workspace/demo/api/v1/webhook/github HTTP/1.1\r\nHost: a\r\n';
    const head = 'Content-Type: application/json\r\nContent-Length: 99\r\nExpect: 100-continue\r\n';
    socket.write(`${line}${head}\r\n{"half":`);
    await untilAnswered(socket, '100 Continue');
  },
};

export const silentPeers: readonly SilentPeer[] = [
  { name: 'sends nothing', fallSilent: async () => {} },
  {
    name: 'sends half a head',
    fallSilent: async (socket) => void socket.write('POST /workspace/demo/api/v1/webh'),
  },
  halfBody,
  {
    name: 'has its answer and keeps the connection',
    async fallSilent(socket) {
      socket.write('GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n');
      await untilAnswered(socket, '{"status":"live"}');
    },
  },
  {
    name: 'does not read what it asked for',
    async fallSilent(socket) {
      socket.pause();
      socket.write('GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(200));
    },
  },
];

export interface OpenPeer extends AsyncDisposable {
  /** What came after it fell silent, until the server closed the connection. */
  heard(): Promise<string>;
}

/** The connection stays open for as long as the server lets it. */
export const openSilentPeer = async (
  { fallSilent }: SilentPeer,
  port: number,
): Promise<OpenPeer> => {
  const socket = connect(port, '127.0.0.1');
  // The server may well reset it; that it is closed is all that counts.
  socket.on('error', () => {});
  await once(socket, 'connect');
  await fallSilent(socket);
  return {
    heard: () => text(socket),
    async [Symbol.asyncDispose]() {
      socket.destroy();
    },
  };
};
