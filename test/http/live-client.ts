import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ServerUnderTest, tokenOf } from './server-under-test.ts';

export interface Message {
  readonly id: string | undefined;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: what was sent, to be looked into
  readonly data: any;
}

const fieldOf = (frame: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1];

const messageIn = (frame: string): Message => {
  const data = fieldOf(frame, 'data');
  return {
    id: fieldOf(frame, 'id'),
    event: fieldOf(frame, 'event') ?? 'message',
    data: data === undefined ? undefined : JSON.parse(data),
  };
};

/** Somebody who follows a server over a real connection. */
export const followLive = async (
  { http }: Pick<ServerUnderTest, 'http'>,
  query = '',
  headers: Readonly<Record<string, string>> = {},
) => {
  if (!http.server.listening) await http.listen({ port: 0, host: '127.0.0.1' });
  const { port } = http.server.address() as AddressInfo;
  const authorization = `Bearer ${await tokenOf()}`;
  const path = `/workspace/acme/api/v1/live${query}`;
  const asked = request({ port, path, headers: { authorization, ...headers }, agent: false });
  asked.end();
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve).once('error', reject);
  });
  let text = '';
  let hasEnded = false;
  answer.setEncoding('utf8');
  answer.on('data', (part: string) => {
    text += part;
  });
  answer.on('error', () => {});
  answer.once('close', () => {
    hasEnded = true;
  });
  const messages = (): Message[] => text.split('\n\n').slice(0, -1).map(messageIn);
  return {
    answer,
    text: () => text,
    messages,
    /** Those with a fact in them. */
    facts: () => messages().filter(({ event, data }) => event === 'message' && data !== undefined),
    ended: () => hasEnded,
    leave: () => asked.destroy(),
    [Symbol.dispose]: () => asked.destroy(),
  };
};
