import { expect, it } from 'vitest';
import { Interrupter } from '../../src/targets/interrupter.ts';

it('tells whoever carries out the call, once, and at once where it was given up before', () => {
  const heard: string[] = [];
  const interrupter = new Interrupter();
  interrupter.listen(() => heard.push('first'));
  expect({ heard: [...heard], interrupted: interrupter.interrupted }).toEqual({
    heard: [],
    interrupted: false,
  });
  interrupter.interrupt();
  interrupter.interrupt();
  expect({ heard: [...heard], interrupted: interrupter.interrupted }).toEqual({
    heard: ['first'],
    interrupted: true,
  });
  interrupter.listen(() => heard.push('late'));
  expect(heard).toEqual(['first', 'late']);
});

it('may be given up before anybody carries it out', () => {
  const interrupter = new Interrupter();
  interrupter.interrupt();
  expect(interrupter.interrupted).toBe(true);
});
