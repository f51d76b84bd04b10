import { expect, it } from 'vitest';
import { z } from 'zod';
import { isTriplineError } from '../../src/domain/errors.ts';
import { event } from '../../src/triggers/event.ts';
import type { TriggerKind } from '../../src/triggers/kind.ts';
import { message } from '../../src/triggers/message.ts';
import { onDemand } from '../../src/triggers/on-demand.ts';
import { checkIncompleteMetadata } from '../../src/triggers/parse-metadata.ts';
import { scheduled } from '../../src/triggers/scheduled.ts';
import { webhook } from '../../src/triggers/webhook.ts';

const problemOf = (kind: TriggerKind, metadata: unknown): unknown => {
  try {
    checkIncompleteMetadata(kind, metadata);
    return undefined;
  } catch (error) {
    return isTriplineError(error, 'validation-failed') ? error.message : error;
  }
};

it.each([
  [webhook, {}],
  [webhook, { hmac: { header: 'X-Sign' } }],
  [webhook, { signature: { scheme: 'github' }, path: '/x' }],
  [event, {}],
  [message, { overflow: 'drop' }],
  [scheduled, {}],
  [onDemand, {}],
] as const)('metadata in the making may lack what is required', (kind, metadata) => {
  expect(problemOf(kind, metadata)).toBeUndefined();
});

it.each([
  [webhook, { path: '' }, 'triggerMetadata.path must be a path without'],
  [webhook, { hmac: { header: 'a b' } }, 'triggerMetadata.hmac.header must be a header name'],
  [webhook, { signature: null }, 'triggerMetadata.signature must be an object'],
  [webhook, { signature: 7 }, 'triggerMetadata.signature must be an object'],
  [webhook, { retry: { maxAttempts: 0 } }, 'triggerMetadata.retry.maxAttempts must be at least 1'],
  [webhook, { surprise: 1 }, 'triggerMetadata.surprise is not known'],
  [event, { eventType: 7 }, 'triggerMetadata.eventType must be a string'],
  [message, { topic: 'a..b' }, 'triggerMetadata.topic must not have empty segments'],
  [scheduled, { cron: '* *' }, 'triggerMetadata.cron '],
])('what is there must be right as it is: %#', (kind, metadata, problem) => {
  expect(problemOf(kind, metadata)).toContain(problem);
});

it('what is said of a member of something missing is said later', () => {
  const config = z.looseObject({}).superRefine((_, context) => {
    context.addIssue({ code: 'custom', path: ['window', 'end'], message: 'is too early' });
  });
  const kind = { ...onDemand, config };
  expect(problemOf(kind, {})).toBeUndefined();
  expect(problemOf(kind, { window: {} })).toBeUndefined();
  expect(problemOf(kind, { window: { end: 1 } })).toBe('triggerMetadata.window.end is too early');
});

it('what is wrong is named, and nothing that only is missing', () => {
  expect(problemOf(webhook, { concurrency: 0 })).toBe(
    'triggerMetadata.concurrency must be a positive integer',
  );
});
