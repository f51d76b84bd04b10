import { z } from 'zod';
import { isoOf } from '../domain/clock.ts';
import { complaintOf } from '../domain/complaints.ts';
import type { Source } from '../domain/facts/arrival-facts.ts';
import { arrivalIdOf } from '../domain/ids.ts';
import { invalid, invalidField } from '../domain/invalid.ts';
import type { JsonText } from '../domain/json.ts';
import { rawMembers } from '../domain/raw-members.ts';
import { busEventKey } from '../triggers/bus-index.ts';
import { recordEventKey, recordEventRule, recordEvents } from '../triggers/record-events.ts';
import { topicProblem } from '../triggers/topic.ts';
import type { Said } from './trace.ts';

const name = z.string().min(1).max(256);
/** The publisher's own; the same again is the same event. */
const givenId = z
  .string()
  .min(1)
  .max(200)
  // Nobody could ask for it again: an address cannot hold one.
  .refine((id) => !/\p{Surrogate}/u.test(id), 'must not have lone surrogates')
  .optional();
/** Which story it belongs to, and which invocation it comes from; headers say the same. */
const trace = { correlation_id: z.string().optional(), causation_id: z.string().optional() };
const origin = z.string().max(256).nullable().optional();

export const RecordEvent = z
  .strictObject({
    event: z.enum(recordEvents, { error: recordEventRule }),
    workspaceSlug: z.string().optional().describe('If given, the workspace of the URL.'),
    recordSlug: name,
    recordId: name,
    data: z.unknown(),
    timestamp: z.iso
      .datetime({ offset: true, error: 'must be an ISO 8601 instant with Z or an offset' })
      .optional(),
    event_id: givenId,
    ...trace,
  })
  .meta({ id: 'RecordEvent' });

export const BusEvent = z
  .strictObject({
    event_type: name,
    source: origin,
    data: z.unknown().optional(),
    event_id: givenId,
    ...trace,
  })
  .meta({ id: 'BusEvent' });

export const Message = z
  .strictObject({
    topic: z.string().superRefine((topic, context) => {
      const message = topicProblem(topic);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    }),
    sender: origin,
    content: z.unknown(),
    message_id: givenId,
    ...trace,
  })
  .meta({ id: 'Message' });

/** An event or a message as it is to be recorded. */
export interface Publication {
  readonly source: Source;
  /** The publisher's own id of it. */
  readonly givenId: string | null;
  readonly said: Said;
  /** What functions get of it, as JSON text; `id` is the one it goes by. */
  payload(id: string, receivedAt: number): string;
}

/** Ids that publishers give are theirs within a workspace, whatever the event is about. */
export const publishedIdOf = (
  workspace: string,
  among: 'events' | 'messages' | 'requests',
  given: string,
): string => arrivalIdOf(workspace, among, given);

const saidIn = ({
  correlation_id: correlationId,
  causation_id: causedBy,
}: Readonly<Partial<Record<keyof typeof trace, string | undefined>>>): Said => ({
  correlationId,
  causedBy,
});

const checked = <T>(form: z.ZodType<T>, value: unknown): T => {
  const result = form.safeParse(value, { error: complaintOf });
  if (!result.success) throw invalid(result.error);
  return result.data;
};

const objectText = (members: Readonly<Record<string, string>>): string =>
  `{${Object.entries(members)
    .map(([member, text]) => `"${member}":${text}`)
    .join(',')}}`;

const recordEventOf = ({ value, text }: JsonText, workspace: string): Publication => {
  const { event, recordSlug, recordId, timestamp, ...given } = checked(RecordEvent, value);
  if (given.workspaceSlug !== undefined && given.workspaceSlug !== workspace)
    throw invalidField('workspaceSlug', 'must be the workspace of the URL');
  const data = rawMembers(text).get('data') ?? 'null';
  return {
    source: { kind: 'event-driven', key: recordEventKey(event, recordSlug) },
    givenId: given.event_id ?? null,
    said: saidIn(given),
    payload: (_, receivedAt) =>
      objectText({
        event: JSON.stringify(event),
        workspaceSlug: JSON.stringify(workspace),
        recordSlug: JSON.stringify(recordSlug),
        recordId: JSON.stringify(recordId),
        data,
        timestamp: JSON.stringify(timestamp ?? isoOf(receivedAt)),
      }),
  };
};

const busEventOf = ({ value, text }: JsonText): Publication => {
  const { event_type, source = null, event_id, ...given } = checked(BusEvent, value);
  const data = rawMembers(text).get('data') ?? '{}';
  return {
    source: { kind: 'event', key: busEventKey(event_type, source) },
    givenId: event_id ?? null,
    said: saidIn(given),
    payload: (id) =>
      objectText({
        event_type: JSON.stringify(event_type),
        event_id: JSON.stringify(id),
        source: JSON.stringify(source),
        data,
      }),
  };
};

const has = (value: unknown, member: string): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, member);

/** Which of the two forms it has is told by the one member that only this form has. */
export const eventOf = (sent: JsonText, workspace: string): Publication => {
  const ofRecord = has(sent.value, 'event');
  if (ofRecord === has(sent.value, 'event_type'))
    throw invalidField('body', 'must have either event or event_type');
  return ofRecord ? recordEventOf(sent, workspace) : busEventOf(sent);
};

export const messageOf = ({ value, text }: JsonText): Publication => {
  const { topic, sender = null, message_id, ...given } = checked(Message, value);
  const content = rawMembers(text).get('content') ?? 'null';
  return {
    source: { kind: 'message', key: topic },
    givenId: message_id ?? null,
    said: saidIn(given),
    payload: (id) =>
      objectText({
        topic: JSON.stringify(topic),
        message_id: JSON.stringify(id),
        sender: JSON.stringify(sender),
        content,
      }),
  };
};
