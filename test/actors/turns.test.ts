import { expect, it } from 'vitest';
import { createTurns } from '../../src/actors/turns.ts';

const gate = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

const between = (turns: ReturnType<typeof createTurns>, holder: string) =>
  turns.between(holder, async () => 'ran', 'busy');

it('a holder is busy until the last of its work is done, failed or not', async () => {
  const turns = createTurns();
  const [first, second] = [gate(), gate()];
  const works = [
    turns.work('a', () => first.opened),
    turns.work('a', async () => {
      await second.opened;
      throw new Error('as planned');
    }),
  ];
  expect(await between(turns, 'a')).toBe('busy');
  first.open();
  await works[0];
  expect(await between(turns, 'a')).toBe('busy');
  second.open();
  await expect(works[1]).rejects.toThrow('as planned');
  expect(await between(turns, 'a')).toBe('ran');
});

it('nobody waits for the work of another holder', async () => {
  const turns = createTurns();
  const { open, opened } = gate();
  const work = turns.work('a', () => opened);
  expect(await between(turns, 'b')).toBe('ran');
  open();
  await work;
});

it('work waits for what runs in between', async () => {
  const turns = createTurns();
  const { open, opened } = gate();
  const order: string[] = [];
  const looked = turns.between(
    'a',
    async () => {
      await opened;
      order.push('between');
    },
    undefined,
  );
  const worked = turns.work('a', async () => void order.push('work'));
  open();
  await Promise.all([looked, worked]);
  expect(order).toEqual(['between', 'work']);
});
