import { createHmac } from 'node:crypto';
import { eventOf, messageOf, publishedIdOf } from '../../src/intake/publication.ts';
import { recordArrival } from '../../src/intake/record-arrival.ts';
import {
  type Exchange,
  type Heard,
  replyTo,
  requestOf,
  statusOf,
  type WebhookCall,
} from './exchange.ts';
import type { Node } from './node.ts';
import type { Run } from './run.ts';
import * as scene from './scene.ts';
import type { World } from './world.ts';

export interface SendersDeps {
  readonly world: World;
  readonly onSent: (exchange: Exchange, body: string) => void;
  /** The trigger it is for is about to take it. */
  readonly onAsked: (exchange: Exchange) => void;
  readonly onAnswered: (exchange: Exchange) => void;
}

interface Sent {
  readonly workspace: string;
  readonly key: string;
  readonly headers: Record<string, string>;
  readonly text: string;
  readonly mark: string;
}

/** The receiver of the HTTP edge, without the HTTP. */
const heardFrom = (run: Run, call: WebhookCall): Promise<Heard> =>
  new Promise((resolve) => {
    run.receive(requestOf(call), replyTo(resolve));
  });

/** Whoever sends events: webhooks with head and body apart, publications, executions. */
export const createSenders = ({ world, onSent, onAsked, onAnswered }: SendersDeps) => {
  const { dice, lot, trace, counters } = world;
  let ordinals = 0;
  const webhooks: Sent[] = [];

  const begin = (kind: Exchange['kind'], workspace: string, mark: string): Exchange => {
    ordinals += 1;
    const ordinal = ordinals;
    return {
      ...{ ordinal, kind, workspace, mark },
      status: undefined,
      eventId: undefined,
      askedOf: undefined,
    };
  };

  const newMark = (): string => `n${ordinals + 1}n`;

  const hear = (exchange: Exchange, status: number, eventId: string | undefined): void => {
    exchange.status = status;
    exchange.eventId = eventId;
    trace.line(`  #${exchange.ordinal} is answered ${status}`);
    counters.count(`${exchange.kind} answered ${status}`);
    onAnswered(exchange);
  };

  const newWebhook = (): Sent => {
    const mark = newMark();
    const text = JSON.stringify({ mark, k: dice.pick(scene.orderingKeys) });
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (dice.happens(0.7)) headers['x-delivery'] = `d${dice.below(40)}`;
    if (dice.happens(0.5)) {
      const secret = dice.pick(scene.webhookSecrets);
      const digest = createHmac('sha256', secret).update(text).digest('hex');
      headers['x-webhook-signature'] = `sha256=${digest}`;
    }
    const key = dice.pick(scene.paths).slice(1);
    return { workspace: dice.pick(scene.workspaces), key, headers, text, mark };
  };

  const deliver = (node: Node, run: Run): void => {
    const again = webhooks.length > 0 && dice.happens(0.2);
    const sent = again ? dice.pick(webhooks) : newWebhook();
    if (!again) webhooks.push(sent);
    if (webhooks.length > 8) webhooks.shift();
    const { workspace, key } = sent;
    const exchange = begin('webhook', workspace, sent.mark);
    const { ordinal } = exchange;
    trace.line(`${run.owner} sees the head of #${ordinal} ${workspace}/${key} ${sent.mark}`);
    onSent(exchange, sent.text);
    const answered = lot
      .until({ owner: run.owner, label: `${run.owner} has the body of #${ordinal}` }, () => {
        exchange.askedOf = run.engine.registry.byKey(workspace, 'webhook', key)[0];
        onAsked(exchange);
        const body = Buffer.from(sent.text);
        return heardFrom(run, { workspace, key, headers: { ...sent.headers }, body });
      })
      .then(
        ({ status, body }) => {
          const eventId = status === 202 ? (body as { event_id: string }).event_id : undefined;
          hear(exchange, status, eventId);
        },
        (error) => hear(exchange, statusOf(error), undefined),
      );
    node.underWay(answered);
  };

  const publicationOf = (kind: 'event' | 'message' | 'record', mark: string, id?: string) => {
    const k = dice.pick(scene.orderingKeys);
    if (kind === 'message')
      return {
        topic: dice.pick(scene.topics),
        content: { mark, k },
        ...(id !== undefined && { message_id: id }),
      };
    const event_id = id === undefined ? {} : { event_id: id };
    if (kind === 'event')
      return {
        event_type: dice.pick(scene.eventTypes),
        ...(dice.happens(0.5) && { source: dice.pick(scene.eventSources) }),
        data: { mark, k },
        ...event_id,
      };
    return {
      event: dice.pick(scene.recordEvents),
      recordSlug: dice.pick(scene.recordSlugs),
      recordId: 'r1',
      data: { mark, k },
      ...event_id,
    };
  };

  const publish = (node: Node, run: Run): void => {
    const kind = dice.pick(['event', 'message', 'record'] as const);
    const workspace = dice.pick(scene.workspaces);
    const mark = newMark();
    const exchange = begin(kind, workspace, mark);
    const id = dice.happens(0.3) ? `p${dice.below(20)}` : undefined;
    const value = publicationOf(kind, mark, id);
    const text = JSON.stringify(value);
    const publication =
      kind === 'message' ? messageOf({ value, text }) : eventOf({ value, text }, workspace);
    const among = kind === 'message' ? 'messages' : 'events';
    const arrivalId = id === undefined ? run.chance.newId() : publishedIdOf(workspace, among, id);
    const { source } = publication;
    trace.line(`${run.owner} is told #${exchange.ordinal} ${workspace} ${source.key} ${mark}`);
    const body = publication.payload(id ?? arrivalId, run.clock.now());
    onSent(exchange, body);
    const recorded = recordArrival(run, {
      ...{ workspace, source, arrivalId },
      actor: 'user:program',
      receivedAt: run.clock.now(),
      deliveryId: id ?? null,
      request: null,
      verification: null,
      rawBody: Buffer.from(body),
      sentBody: [Buffer.from(text)],
    }).then(
      (receipt) => hear(exchange, 202, receipt.arrivalId),
      (error) => hear(exchange, statusOf(error), undefined),
    );
    node.underWay(recorded);
  };

  const execute = (node: Node, run: Run): void => {
    const workspace = dice.pick(scene.workspaces);
    const mine = run.engine.registry
      .triggersOf(workspace)
      .filter(({ executionType }) => executionType === 'on-demand');
    if (mine.length === 0) return;
    const trigger = dice.pick(mine);
    if (trigger.status === 'paused') return;
    const mark = newMark();
    const exchange = begin('execute', workspace, mark);
    exchange.askedOf = trigger;
    onAsked(exchange);
    const body = JSON.stringify({ mark, k: dice.pick(scene.orderingKeys) });
    onSent(exchange, body);
    trace.line(`${run.owner} is asked to execute ${trigger.name} by #${exchange.ordinal} ${mark}`);
    const recorded = recordArrival(run, {
      workspace,
      actor: 'user:program',
      receivedAt: run.clock.now(),
      source: { kind: 'on-demand', key: trigger.triggerId },
      acceptedFor: { triggerId: trigger.triggerId, version: trigger.version },
      deliveryId: dice.happens(0.3) ? `e${dice.below(20)}` : null,
      request: null,
      verification: null,
      rawBody: Buffer.from(body),
    }).then(
      (receipt) => hear(exchange, receipt.repeat === 'other-body' ? 422 : 200, receipt.arrivalId),
      (error) => hear(exchange, statusOf(error), undefined),
    );
    node.underWay(recorded);
  };

  return {
    /** Something new is sent to a process that takes requests. */
    send(node: Node, run: Run): void {
      const kind = dice.weighted({ webhook: 6, publication: 3, execution: 1 });
      if (kind === 'webhook') deliver(node, run);
      else if (kind === 'publication') publish(node, run);
      else execute(node, run);
    },
  };
};
