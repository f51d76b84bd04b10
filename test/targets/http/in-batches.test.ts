import { expect, it } from 'vitest';
import { inBatches } from '../../../src/targets/http/in-batches.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('says in one message what is said in one turn, in its order', async () => {
  const messages: (readonly string[])[] = [];
  const say = inBatches<string>((items) => messages.push(items));
  for (const word of ['a', 'b', 'c']) say(word);
  expect(messages).toEqual([]);
  await turn();
  expect(messages).toEqual([['a', 'b', 'c']]);
  await turn();
  say('d');
  await turn();
  await turn();
  expect(messages).toEqual([['a', 'b', 'c'], ['d']]);
});
