import type { Server } from './server-process.ts';

const idIn = (frame: string): string | undefined => /^id: (.*)$/m.exec(frame)?.[1];
const hasFact = (frame: string): boolean => /^data: /m.test(frame) && !/^event: /m.test(frame);

/** Somebody who follows a workspace, and comes again with the last id whenever the server was away. */
export const createLiveReader = (workspace: string) => {
  const seen: string[] = [];
  let lastId: string | undefined;
  let leave = (): void => {};

  const take = (frame: string): void => {
    const id = idIn(frame);
    if (id === undefined) return;
    if (hasFact(frame)) seen.push(id);
    lastId = id;
  };

  const readAll = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const part of body) {
      const frames = (text + decoder.decode(part, { stream: true })).split('\n\n');
      // What was not sent to its end was not sent.
      text = frames.pop() ?? '';
      for (const frame of frames) take(frame);
    }
  };

  return {
    /** Positions of facts, in the order in which they came. */
    seen,
    /** Resolves when the server answers; what it tells is read until it goes. */
    async follow({ url, token }: Pick<Server, 'url' | 'token'>): Promise<void> {
      const away = new AbortController();
      const headers = {
        authorization: `Bearer ${token}`,
        ...(lastId !== undefined && { 'last-event-id': lastId }),
      };
      const path = `${url}/workspace/${workspace}/api/v1/live`;
      const answer = await fetch(path, { headers, signal: away.signal });
      leave = () => away.abort();
      const { body } = answer;
      if (answer.status !== 200 || body === null) throw new Error(`live: ${answer.status}`);
      // A server that is killed breaks off.
      readAll(body).catch(() => undefined);
    },
    [Symbol.dispose]: () => leave(),
  };
};
