import { z } from 'zod';
import { subscriberConfig } from './common-config.ts';
import { defineKind } from './kind.ts';
import { patternProblem } from './topic.ts';
import { createTopicIndex } from './topic-index.ts';

export const MessageConfig = z.strictObject({
  topic: z.string().superRefine((pattern, context) => {
    const message = patternProblem(pattern);
    if (message !== undefined) context.addIssue(message);
  }),
  ...subscriberConfig,
});
export type MessageConfig = z.infer<typeof MessageConfig>;

/** Messages of the topics that a pattern describes; the payload tells the topic itself. */
export const message = defineKind<MessageConfig>({
  kind: 'message',
  config: MessageConfig,
  key: ({ topic }) => topic,
  origin: (topic) => ({ source: '', type: topic }),
  createIndex: createTopicIndex,
  secretPaths: [],
  present: (_, { json }) => ({ executionParams: json, eventMetadata: '{}' }),
});
