import { describe } from 'vitest';
import { itAllows, itFinds } from './cases.ts';
import { aFunction, arrive, aTrigger, cancel, of, promise, queue, revise } from './stories.ts';

const sealed = { value: 'AAAA', encrypted: true, keyVersion: 1 };
const signed = { path: 't', signature: { scheme: 'github', secrets: [sealed] } };
const verification = { scheme: 'github', secret: 0 };
const beginning = [aFunction(), aTrigger('t', { triggerMetadata: signed })];

describe('a trigger that asks for signatures', () => {
  itAllows(
    [['what was verified', arrive('a', { verification }), queue('a'), cancel('a')]],
    beginning,
  );
  itAllows(
    [
      [
        'what was accepted before it asked',
        promise('a'),
        queue('a', { triggerVersion: 2 }),
        cancel('a'),
      ],
    ],
    [aFunction(), aTrigger(), revise('t', { triggerMetadata: signed })],
  );
  itFinds(
    [
      ['arrival a for t was not verified', promise('a', 't', 2)],
      ['arrival a is for version 3 of t, not a known one', promise('a', 't', 3)],
      ['arrival a is for version 1 of t, not a known one', of('umbrella', promise('a'))],
    ],
    [aFunction(), aTrigger(), revise('t', { triggerMetadata: signed })],
  );
  itFinds([['arrival a for t was not verified', arrive('a'), queue('a'), cancel('a')]], beginning);
  itFinds(
    [
      [
        'arrival a for u was not verified',
        revise('t', { triggerMetadata: { path: 'else' } }),
        aTrigger('u', { triggerMetadata: signed }),
        arrive('a'),
      ],
    ],
    [aFunction(), aTrigger()],
  );
  itFinds(
    [['arrival a for t was not verified', arrive('a')]],
    [aFunction(), aTrigger('t', { triggerMetadata: { path: 't', hmac: { secret: sealed } } })],
  );
});
