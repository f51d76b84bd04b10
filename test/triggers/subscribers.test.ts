import { describe, expect, it } from 'vitest';
import { isTriplineError } from '../../src/domain/errors.ts';
import { event } from '../../src/triggers/event.ts';
import { eventDriven } from '../../src/triggers/event-driven.ts';
import { message } from '../../src/triggers/message.ts';
import { parseMetadata } from '../../src/triggers/parse-metadata.ts';
import { recordEvents } from '../../src/triggers/record-events.ts';

const refusalOf = (parse: () => unknown): unknown => {
  try {
    return parse();
  } catch (error) {
    return isTriplineError(error, 'validation-failed') ? error.message : error;
  }
};

const subscriberDefaults = { queueCapacity: 100, concurrency: 1, overflow: 'keep' };

describe('an event-driven trigger', () => {
  it('takes each of the eight events of records, and adds nothing', () => {
    for (const name of recordEvents) {
      const metadata = { event: name, recordSlug: 'orders' };
      expect(parseMetadata(eventDriven, metadata)).toEqual(metadata);
    }
    expect(recordEvents).toHaveLength(8);
  });

  it.each([
    [{ recordSlug: 'orders' }],
    [{ event: 'record_exploded', recordSlug: 'orders' }],
    [{ event: 'record_update_failed', recordSlug: 'orders' }],
    [{ event: 7, recordSlug: 'orders' }],
  ])('is refused as %j by a sentence that names the field and all eight', (metadata) => {
    const sentence = String(refusalOf(() => parseMetadata(eventDriven, metadata)));
    expect(sentence).toContain('triggerMetadata.event must be one of');
    for (const name of recordEvents) expect(sentence).toContain(name);
  });

  it.each([
    [{ event: 'record_created' }, 'triggerMetadata.recordSlug is required'],
    [{ event: 'record_created', recordSlug: '' }, 'triggerMetadata.recordSlug must not be empty'],
    [{ event: 'record_created', recordSlug: 1 }, 'triggerMetadata.recordSlug must be a string'],
    [
      { event: 'record_created', recordSlug: 'orders', queueCapacity: 1 },
      'triggerMetadata.queueCapacity is not known',
    ],
    [
      { event: 'record_created', recordSlug: 'orders', overflow: 'drop' },
      'triggerMetadata.overflow is not known',
    ],
  ])('is refused as %j: %s', (metadata, sentence) => {
    expect(refusalOf(() => parseMetadata(eventDriven, metadata))).toBe(sentence);
  });
});

describe('an event trigger', () => {
  it('needs a type and has defaults for the rest', () => {
    expect(parseMetadata(event, { eventType: 'pipeline.error' })).toEqual({
      eventType: 'pipeline.error',
      ...subscriberDefaults,
    });
  });

  it.each([
    [{}, 'triggerMetadata.eventType is required'],
    [{ eventType: '' }, 'triggerMetadata.eventType must not be empty'],
    [{ eventType: 'a', eventSource: 1 }, 'triggerMetadata.eventSource must be a string'],
    [{ eventType: 'a', overflow: 'lose' }, 'triggerMetadata.overflow must be keep or drop'],
    [
      { eventType: 'a', queueCapacity: 0 },
      'triggerMetadata.queueCapacity must be a positive integer',
    ],
    [{ eventType: 'a', concurrency: 0 }, 'triggerMetadata.concurrency must be a positive integer'],
    [{ eventType: 'a', topic: 'b' }, 'triggerMetadata.topic is not known'],
  ])('is refused as %j: %s', (metadata, sentence) => {
    expect(refusalOf(() => parseMetadata(event, metadata))).toBe(sentence);
  });
});

describe('a message trigger', () => {
  it('needs a topic and has defaults for the rest', () => {
    expect(parseMetadata(message, { topic: 'reports.*' })).toEqual({
      topic: 'reports.*',
      ...subscriberDefaults,
    });
  });

  it.each([
    [{}, 'triggerMetadata.topic is required'],
    [{ topic: ['a'] }, 'triggerMetadata.topic must be a string'],
    [{ topic: '' }, 'triggerMetadata.topic must not be empty'],
    [{ topic: 'a..b' }, 'triggerMetadata.topic must not have empty segments'],
    [{ topic: 'rep*' }, 'triggerMetadata.topic must have * and ** as whole segments only'],
  ])('is refused as %j: %s', (metadata, sentence) => {
    expect(refusalOf(() => parseMetadata(message, metadata))).toBe(sentence);
  });
});
