import { expect, it } from 'vitest';
import { createdEntry } from '../../src/views/created-entry.ts';
import { recorded } from './history.ts';
import { arrived, triggerRegistered } from './stories.ts';

const [registered, other] = recorded([triggerRegistered('t1'), arrived('a1', '{}')]);

it('an entity is told as the fact made it that brought it into being', () => {
  expect(createdEntry('trigger', registered!)).toMatchObject({
    entity: 'trigger',
    triggerId: 't1',
    version: 1,
    status: 'active',
  });
});

it('a stream that begins with something else is not read as one', () => {
  expect(() => createdEntry('function', registered!)).toThrow('does not begin with a function');
  expect(() => createdEntry('trigger', other!)).toThrow(
    expect.objectContaining({ code: 'corrupt-stream' }),
  );
});
