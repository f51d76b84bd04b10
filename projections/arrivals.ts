import type { DataOf } from '../src/domain/events.ts';
import type { Source, Verification } from '../src/domain/facts/arrival-facts.ts';
import { defineProjection } from './projection.ts';

type Withheld = DataOf<'EventWithheld'>['triggers'][number];

export interface ArrivalDocument {
  readonly arrivalId: string;
  readonly workspace: string;
  /** Place of its `EventArrived` in the log: lists are in this order. */
  readonly position: string;
  readonly receivedAt: string;
  readonly sourceKind: Source['kind'];
  readonly sourceKey: Source['key'];
  readonly deliveryId: string | null;
  readonly verification: Verification | null;
  /** In bytes. */
  readonly bodySize: number;
  readonly correlationId: string;
  /** Triggers that were concerned and took nothing. What the others made of it is in `invocations`. */
  readonly withheld: readonly Withheld[];
  /** Its body, because somebody wanted that; age is no part of it. */
  readonly isForgotten: boolean;
}

/** Of base64, four characters are three bytes, less its padding. */
const sizeOf = (body: DataOf<'EventArrived'>['body']): number => {
  if ('size' in body) return body.size;
  const { encoding, content } = body;
  return encoding === 'base64'
    ? (content.replace(/=+$/, '').length * 3) >> 2
    : new TextEncoder().encode(content).length;
};

/** What came in, without its bytes, and who let it pass. */
export const arrivals = defineProjection<ArrivalDocument>({
  name: 'arrivals',
  version: 3,
  key: ({ data }) => ('arrivalId' in data ? data.arrivalId : undefined),
  begins: ['EventArrived'],
  columns: [
    ...(['position', 'workspace', 'receivedAt', 'sourceKind', 'sourceKey'] as const),
    ...(['deliveryId', 'correlationId'] as const),
  ],
  indexes: [['workspace'], ['workspace', 'sourceKind', 'sourceKey']],
  ids: ['correlationId', 'deliveryId'],
  keyMember: 'arrivalId',
  usually: { withheld: [], isForgotten: false },
  evolve: {
    EventArrived: (_, { data, metadata, position }) => ({
      arrivalId: data.arrivalId,
      workspace: metadata.workspace,
      position,
      receivedAt: metadata.occurredAt,
      sourceKind: data.source.kind,
      sourceKey: data.source.key,
      deliveryId: data.deliveryId,
      verification: data.verification,
      bodySize: sizeOf(data.body),
      correlationId: metadata.$correlationId,
      withheld: [],
      isForgotten: false,
    }),
    EventWithheld: (document, { data }) =>
      document && { ...document, withheld: [...document.withheld, ...data.triggers] },
    PayloadForgotten: (document) => document && { ...document, isForgotten: true },
  },
});
