import { z } from 'zod';
import { Source } from '../../domain/facts/arrival-facts.ts';
import { given } from '../../domain/given.ts';
import { webhookKey } from '../../domain/trigger/webhook-path.ts';
import {
  BusEvent,
  eventOf,
  Message,
  messageOf,
  type Publication,
  RecordEvent,
} from '../../intake/publication.ts';
import { judging, nearest, type Verdict } from '../../routing/explain.ts';
import type { Routable } from '../../routing/route.ts';
import { base, type RouteDeps } from './route.ts';
import { resource, row } from './rows.ts';
import { Judgement, mostMisses, toJudgement } from './verdict-wire.ts';

const Texts = z.record(z.string(), z.string(), 'must be an object of texts');

const Delivery = z.strictObject({
  path: z.string('must be a string'),
  headers: Texts.default({}),
  query: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]), 'must be an object')
    .default({}),
  /** The body where it is JSON. */
  payload: z.unknown().optional(),
});

const oneOf = 'must have one of event, message and webhook';

/** As it would be published or delivered. */
const Sample = z
  .strictObject({
    event: z.union([RecordEvent, BusEvent]).optional(),
    message: Message.optional(),
    webhook: Delivery.optional(),
  })
  .refine((sample) => Object.keys(given(sample)).length === 1, oneOf);

type Routed = Omit<Routable, 'workspace'>;
const arrivalId = 'sample';

const published = ({ source, payload }: Publication, now: number): Routed => {
  const body = Buffer.from(payload(arrivalId, now));
  return { arrivalId, source, request: null, bodyOf: () => body };
};

const delivered = ({ path, headers, query, payload }: z.output<typeof Delivery>): Routed => {
  const body = Buffer.from(payload === undefined ? '' : JSON.stringify(payload));
  const lowered = Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]);
  return {
    arrivalId,
    source: { kind: 'webhook', key: webhookKey(path) },
    request: { method: 'POST', path, query, headers: Object.fromEntries(lowered), remote: '' },
    bodyOf: () => body,
  };
};

const jsonTextOf = (value: unknown) => ({ value, text: JSON.stringify(value) });

const routedOf = (
  { event, message, webhook }: z.output<typeof Sample>,
  workspace: string,
  now: number,
): Routed => {
  if (webhook !== undefined) return delivered(webhook);
  return published(
    event === undefined ? messageOf(jsonTextOf(message)) : eventOf(jsonTextOf(event), workspace),
    now,
  );
};

/** Nobody has been told yet that it was taken: one that does not run would turn it away. */
const asSent = (verdict: Verdict): Verdict => {
  const { status } = verdict.trigger;
  if (verdict.whyNot !== null || status === 'active') return verdict;
  return { ...verdict, whyNot: { reason: status === 'paused' ? 'stopped' : 'suspended' } };
};

/** What would become of an event that nobody has sent. */
export const matchEvent = resource(
  { tag: 'events', at: `${base}/events`, right: 'events' },
  ({ engine, kinds, clock }: RouteDeps) => [
    row({
      operationId: 'matchEvent',
      method: 'POST',
      path: '/match',
      summary: 'Tell which triggers an event would fire, and why not the others',
      description:
        'As functions and triggers stand now: all that it would reach, and of the others the twenty nearest. Nothing is recorded; signatures are not asked for.',
      right: 'read',
      body: Sample,
      answer: z.object({ source: Source, verdicts: z.array(Judgement) }),
      handle: ({ params: { slug: workspace }, body }) => {
        const arrival = { ...routedOf(body, workspace, clock.now()), workspace };
        const verdictOf = judging({ registry: engine.registry, kinds }, arrival);
        const verdicts = engine.registry.triggersOf(workspace).map(verdictOf).map(asSent);
        return {
          source: arrival.source,
          verdicts: nearest(verdicts, mostMisses).map(toJudgement),
        };
      },
    }),
  ],
);
