import { describe, expect, it } from 'vitest';
import { placeOf } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import { createInvariants } from '../../src/invariants/invariants.ts';
import { positionOf, recorded } from '../views/history.ts';
import { aFunction, arrive, aTrigger, cancel, of, queue, turn } from './stories.ts';

const log = recorded([
  aFunction(),
  aTrigger(),
  arrive('a'),
  queue('a'),
  cancel('a'),
  turn('TriggerPaused'),
]);

const sentencesFor = (events: readonly StoredEvent[], remembers: 'all' | 'open' = 'all') =>
  events.flatMap(createInvariants({ remembers }).take);

/** The log with one event that is not as it was. */
const withOne = (place: number, changes: Partial<StoredEvent>): readonly StoredEvent[] =>
  log.map((event, at) => (at === place ? { ...event, ...changes } : event));

describe('the places of events', () => {
  it('may go up one by one', () => {
    expect(sentencesFor(log)).toEqual([]);
  });

  it('leave out positions of what belongs to others', () => {
    expect(sentencesFor(withOne(5, { position: positionOf(70) }))).toEqual([]);
  });

  it('do not go back in the log', () => {
    const position = positionOf(5);
    expect(sentencesFor(withOne(5, { position }))).toEqual([
      `TriggerPaused at ${position}: its position is not behind ${position}`,
    ]);
  });

  it.each([
    ['leave none out in a stream', 5, 2, 'trigger-t has revision 2, not 1'],
    ['come once in a stream', 5, 0, 'trigger-t has revision 0, not 1'],
    ['begin a stream at its beginning', 0, 1, 'function-f has revision 1, not 0'],
  ])('%s', (_, place, revision, sentence) => {
    expect(sentencesFor(withOne(place, { revision })).join('\n')).toContain(sentence);
  });

  it('leave none out in an open stream, where only the open is remembered', () => {
    const sentences = sentencesFor(withOne(4, { revision: 2 }), 'open').join('\n');
    expect(sentences).toContain(`${log[4]?.stream} has revision 2, not 1`);
  });

  it.each(['all', 'open'] as const)(
    'are one for all facts of a record, remembering %s',
    (memory) => {
      const arrived = { stream: 'arrival-a', revision: 0 };
      const events = log.slice(0, 4).map((event, at) => {
        if (at === 2) return { ...event, ...arrived };
        if (at < 2) return event;
        const position = placeOf(positionOf(3), 1);
        return { ...event, ...arrived, position, entity: event.stream };
      });
      expect(sentencesFor(events, memory)).toEqual([]);
    },
  );

  it('keep a stream within one workspace', () => {
    const events = recorded([aFunction(), aTrigger(), of('umbrella', turn('TriggerPaused'))]);
    expect(sentencesFor(events)).toEqual([
      `TriggerPaused at ${positionOf(3)}: trigger-t is of acme, not of umbrella`,
    ]);
  });

  it('are looked at for facts of later releases as well', () => {
    const later = { stream: 'later-1', fact: { type: 'FromTheFuture', data: {} } };
    const [first] = recorded([later]);
    expect(sentencesFor([{ ...(first as StoredEvent), revision: 3 }])).toEqual([
      `FromTheFuture at ${positionOf(1)}: later-1 has revision 3, not 0`,
    ]);
  });
});
