import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TriggerEntry } from '../../projections/registry.ts';
import { isTriplineError } from '../../src/domain/errors.ts';
import { problems } from '../../src/http/problems.ts';

/** What one sender sends, and what it is answered. */
export interface Exchange {
  readonly ordinal: number;
  readonly kind: 'webhook' | 'event' | 'message' | 'record' | 'execute';
  readonly workspace: string;
  /** Stands in the body, so that it is known again wherever the body turns up. */
  readonly mark: string;
  status: number | undefined;
  /** The event that the answer speaks of. */
  eventId: string | undefined;
  /** The trigger that was asked to take it, where it is for one trigger alone. */
  askedOf: TriggerEntry | undefined;
}

export interface WebhookCall {
  readonly workspace: string;
  readonly key: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** As much of a request as the receiver looks at. */
export const requestOf = ({ workspace, key, headers, body }: WebhookCall): FastifyRequest =>
  ({
    id: 'request',
    method: 'POST',
    params: { slug: workspace, '*': key },
    query: {},
    ip: '192.0.2.1',
    body,
    sentType: headers['content-type'],
    raw: { url: `/workspace/${workspace}/api/v1/webhook/${key}`, headers },
  }) as unknown as FastifyRequest;

export interface Heard {
  readonly status: number;
  readonly body: unknown;
}

const statusOf = (error: unknown): number =>
  isTriplineError(error) ? problems[error.code].status : 500;

/** As much of a reply as the receiver uses; `hear` is called once, with what was sent. */
export const replyTo = (hear: (heard: Heard) => void): FastifyReply => {
  let status = 200;
  const reply = {
    get statusCode() {
      return status;
    },
    code(given: number) {
      status = given;
      return reply;
    },
    header: () => reply,
    send(sent: unknown) {
      if (sent instanceof Error) hear({ status: statusOf(sent), body: sent });
      else hear({ status, body: JSON.parse(String(sent)) });
      return reply;
    },
  };
  return reply as unknown as FastifyReply;
};

export { statusOf };
