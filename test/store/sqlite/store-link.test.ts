import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Reply, Request } from '../../../src/store/sqlite/protocol.ts';
import { createLink } from '../../../src/store/sqlite/store-link.ts';

const call = (call: 'readAll' | 'readAfter'): Request => ({ call, args: [] });
const pieces = (...lengths: number[]) => lengths.map((length) => new Uint8Array(length));

/** A link to a thread that answers when the test says so. */
const linkUnderTest = () => {
  const said: string[] = [];
  const server = Object.assign(new EventEmitter(), {
    postMessage: (request: Request) => {
      said.push('call' in request ? request.call : 'piece' in request ? 'piece' : 'batch');
    },
  });
  return {
    said,
    link: createLink(server as never),
    answer: async (reply: Reply = { value: undefined }): Promise<void> => {
      server.emit('message', reply);
      await nextTurn();
    },
  };
};

const batch: Request = { batch: [], bytes: 0, payloads: undefined };

describe("the link to the store's thread", () => {
  it('lets nothing come between pieces and their append, and asks for the rest behind it', async () => {
    const { link, said, answer } = linkUnderTest();
    const long = link.askInPieces<string>(pieces(2, 1), batch);
    const between = link.ask<string>(call('readAll'));
    const another = link.askInPieces<string>(pieces(1), batch);
    const last = link.ask<string>(call('readAfter'));
    expect(said).toEqual(['piece']);
    await answer();
    expect(said).toEqual(['piece', 'piece']);
    await answer();
    expect(said).toEqual(['piece', 'piece', 'batch', 'readAll', 'piece']);
    await answer({ value: 'long' });
    await answer({ value: 'between' });
    await answer();
    await answer({ value: 'another' });
    await answer({ value: 'last' });
    expect(said.slice(5)).toEqual(['batch', 'readAfter']);
    expect(await Promise.all([long, between, another, last])).toEqual([
      ...['long', 'between', 'another', 'last'],
    ]);
  });

  it('refuses all that waits, and all that comes later, once it has failed', async () => {
    const { link } = linkUnderTest();
    const asked = [
      link.askInPieces(pieces(2, 1), batch),
      link.ask(call('readAll')),
      link.askInPieces(pieces(1), batch),
    ];
    const gone = new Error('gone');
    link.fail(gone);
    const settled = await Promise.allSettled([...asked, link.ask(call('readAll'))]);
    expect(settled).toEqual(settled.map(() => ({ status: 'rejected', reason: gone })));
  });
});
