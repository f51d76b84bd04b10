import { describe, expect, it } from 'vitest';
import { startServer } from './server-under-test.ts';

const tried = async (payload: object) =>
  (await startServer()).ask('POST', 'filters/test', { payload });

const event = {
  payload: { action: 'opened', number: 7 },
  headers: { 'X-GitHub-Event': 'pull_request' },
  source: 'github',
  type: 'com.github.pull_request',
};

describe('a filter that is tried', () => {
  it.each([
    { eventfilter: { payload: { action: ['opened'] } } },
    { eventbridge: { payload: { number: [{ numeric: ['>', 5] }] } } },
    { cesql: "type LIKE 'com.github.%' AND source = 'github'" },
    { jsonpath: '$.payload[?@ == 7]' },
    { eventfilter: { headers: { 'x-github-event': ['pull_request'] } } },
  ])('matches: %j', async (filter) => {
    const answer = await tried({ filter, event });
    expect([answer.statusCode, answer.json()]).toEqual([200, { matches: true, mismatch: null }]);
  });

  it('says which predicate failed, where, and what was seen there', async () => {
    const filter = { eventfilter: { payload: { number: [{ $gt: 10 }] } } };
    const { matches, mismatch } = (await tried({ filter, event })).json();
    expect(matches).toBe(false);
    expect(mismatch).toMatchObject({
      ...{ language: 'eventfilter', path: '/payload/number', seen: '7' },
    });
    expect(mismatch.predicate).toContain('$gt');
  });

  it('sees attributes of a CloudEvent beside those that are always there', async () => {
    const filter = { cesql: "partition = 3 AND specversion = '1.0'" };
    const with3 = { ...event, attributes: { Partition: 3 } };
    expect((await tried({ filter, event: with3 })).json()).toMatchObject({ matches: true });
    expect((await tried({ filter, event })).json()).toMatchObject({ matches: false });
  });

  it('sees no payload where there is none', async () => {
    const filter = { jsonpath: '$.payload' };
    expect((await tried({ filter, event: {} })).json()).toMatchObject({ matches: false });
    const nothing = { filter, event: { payload: null } };
    expect((await tried(nothing)).json()).toMatchObject({ matches: true });
  });
});

describe('a filter that makes no sense', () => {
  it.each([
    [{ eventfilter: { payload: { number: [{ $gt: 'x' }] } } }, 'filter.eventfilter/payload/number'],
    [{ cesql: 'type = = 1' }, 'filter.cesql'],
    [{ jsonpath: '$[' }, 'filter.jsonpath'],
    [{ sql: 'x' }, 'filter.sql'],
    [{}, 'filter'],
    [{ cesql: 'TRUE', jsonpath: '$' }, 'filter'],
    ['type', 'filter'],
  ])('is refused at the place of the mistake: %j', async (filter, place) => {
    const answer = await tried({ filter: filter as object, event });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toContain(place);
  });

  it('is no filter where the event is none', async () => {
    const answer = await tried({ filter: { cesql: 'TRUE' }, event: { type: 7, colour: 'red' } });
    expect([answer.statusCode, answer.json().detail]).toEqual([
      400,
      expect.stringContaining('event.type must be a string'),
    ]);
  });
});
