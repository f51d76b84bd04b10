import { connect } from 'node:net';
import type { Content } from './disk-contents.ts';

export interface Asked {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: as JSON came
  readonly json: any;
}

interface Request {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
  /** Of the answers that tell a secret once, as they are meant to. */
  readonly confidential?: boolean;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Remembers every byte that a server said to anybody. */
export const createWitness = (defaultToken: string) => {
  const heard: Content[] = [];

  const ask = async (url: string, method: string, request: Request = {}): Promise<Asked> => {
    const { body, token = defaultToken, confidential = false } = request;
    const response = await fetch(url, {
      method,
      headers: {
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    const where = `${method} ${url}: ${response.status}`;
    const headers = JSON.stringify([...response.headers]);
    heard.push({ where, content: confidential ? headers : `${headers}\n${text}` });
    return { status: response.status, text, json: parsed(text) };
  };

  return {
    heard,
    ask,
    /** What no HTTP library would send. */
    send: (port: number, bytes: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
        let answer = '';
        socket.on('data', (chunk) => {
          answer += chunk.toString('latin1');
        });
        socket.on('error', reject);
        socket.on('close', () => {
          heard.push({ where: `raw request ${bytes.slice(0, 20)}`, content: answer });
          resolve();
        });
      }),
  };
};

export type Witness = ReturnType<typeof createWitness>;
