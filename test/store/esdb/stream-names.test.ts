import { describe, expect, it } from 'vitest';
import { streamNamesOf } from '../../../src/store/esdb/stream-names.ts';

describe('the names of streams on a server', () => {
  const ours = streamNamesOf('tripline');
  const bare = streamNamesOf('none');

  it('have the prefix that was set, and lose it on the way back', () => {
    expect(ours.outer('thing-1')).toBe('tripline.thing-1');
    expect(ours.inner('tripline.thing-1')).toBe('thing-1');
    expect(bare.outer('thing-1')).toBe('thing-1');
    expect(bare.inner('thing-1')).toBe('thing-1');
  });

  it.each(['triplines.thing-1', 'thing-1', 'tripline', '$tripline.thing-1', ''])(
    'are not ours with another prefix: %j',
    (name) => expect(ours.inner(name)).toBeUndefined(),
  );

  it.each(['tripline.thing-1', '$all', '.a-1', '-1', 'none~.clock', ''])(
    'are not ours, where we have none, with any: %j',
    (name) => expect(bare.inner(name)).toBeUndefined(),
  );

  it.each(['thing', 'thing-', 'thing-a.b-c'])('are ours, where we have no prefix: %j', (name) =>
    expect(bare.inner(name)).toBe(name),
  );

  it.each([ours, bare])('of the clock and of payloads are in nobody’s log', (names) => {
    for (const name of [names.clock, names.payload('1')]) {
      for (const others of [ours, bare]) expect(others.inner(name)).toBeUndefined();
    }
    expect(names.payload('1')).not.toBe(names.payload('2'));
    expect(ours.payload('1')).toBe('tripline~.payload-1');
    expect(ours.clock).toBe('tripline~.clock');
  });

  it('are sorted out by the server as they are here', () => {
    expect(ours.filter).toMatchObject({ prefixes: ['tripline.'] });
    const { regex = '' } = bare.filter as { regex?: string };
    for (const name of ['thing-1', 'tripline.thing-1', '$all', 'none~.clock']) {
      expect(new RegExp(regex).test(name)).toBe(bare.inner(name) !== undefined);
    }
    for (const { filter } of [ours, bare]) {
      expect(filter).toMatchObject({
        filterOn: 'streamName',
        maxSearchWindow: 500,
        checkpointInterval: 64,
      });
    }
  });
});
