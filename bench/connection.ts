import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One keep-alive HTTP/1.1 connection with one request at a time, as cheap as Node allows. */
export interface Connection {
  send(request: string, onAnswer: (answer: Answer) => void): void;
  close(): void;
}

const headEnd = '\r\n\r\n';
const lengthHeader = /\r\ncontent-length: *(\d+)/i;

/** Takes one whole answer off the front of `text`; undefined while it is not all there. */
const parseAnswer = (text: string): Answer | undefined => {
  const end = text.indexOf(headEnd);
  if (end < 0) return undefined;
  const length = Number(lengthHeader.exec(text.slice(0, end + 2))?.[1] ?? 0);
  const start = end + headEnd.length;
  if (text.length < start + length) return undefined;
  return { status: Number(text.slice(9, 12)), body: text.slice(start, start + length) };
};

const lost: Answer = { status: 0, body: '' };

/** A broken connection answers what was under way with status 0 and connects anew on the next send. */
export const openConnection = (port: number): Connection => {
  let socket: Socket | undefined;
  let received = '';
  let pending: ((answer: Answer) => void) | undefined;

  const settle = (answer: Answer): void => {
    const settled = pending;
    pending = undefined;
    received = '';
    settled?.(answer);
  };
  const opened = (): Socket => {
    const fresh = connect({ port, host: '127.0.0.1', noDelay: true });
    fresh.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1');
      received = received === '' ? text : received + text;
      const answer = parseAnswer(received);
      if (answer) settle(answer);
    });
    fresh.on('error', () => fresh.destroy());
    fresh.on('close', () => {
      if (socket === fresh) socket = undefined;
      settle(lost);
    });
    return fresh;
  };
  return {
    send(request, onAnswer) {
      pending = onAnswer;
      socket ??= opened();
      socket.write(request, 'latin1');
    },
    close: () => socket?.destroy(),
  };
};
