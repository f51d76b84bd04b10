import type { QueueEntry } from '../../../projections/queue.ts';
import type { Metric } from '../metrics-text.ts';
import { type HistogramState, secondsBounds } from './histogram.ts';
import { type Measures, mostTriggers, otherTriggers } from './measures.ts';

type Labels = Readonly<Record<string, string>>;
type Samples = Metric['samples'];

const samplesOf = (labels: Labels, { counts, sum, count }: HistogramState): Samples => [
  ...counts.map(
    (below, at) => [{ ...labels, le: String(secondsBounds[at]) }, below, '_bucket'] as const,
  ),
  [{ ...labels, le: '+Inf' }, count, '_bucket'],
  [labels, sum, '_sum'],
  [labels, count, '_count'],
];

/** How long things took, and how they ended, since the process began to look. */
export const measureMetrics = (measures: Measures): readonly Metric[] => [
  {
    name: 'tripline_start_delay_seconds',
    help: 'From arrival to the first start of an invocation.',
    type: 'histogram',
    samples: samplesOf({}, measures.startDelay()),
  },
  {
    name: 'tripline_call_duration_seconds',
    help: 'Calls of functions by outcome of the attempt.',
    type: 'histogram',
    samples: [...measures.callDurations()].flatMap(([outcome, state]) =>
      samplesOf({ outcome }, state),
    ),
  },
  {
    name: 'tripline_dead_lettered_total',
    help: 'Invocations that ended dead, by reason.',
    type: 'counter',
    samples: [...measures.deaths()].map(([reason, count]) => [{ reason }, count]),
  },
  {
    name: 'tripline_trigger_outcomes_total',
    help: `Outcomes by trigger; beyond ${mostTriggers} triggers the rest together.`,
    type: 'counter',
    samples: [...measures.outcomes()].flatMap(([trigger, counts]) =>
      [...counts].map(([outcome, count]) => [{ trigger, outcome }, count] as const),
    ),
  },
];

const oldestOf = (entries: readonly QueueEntry[], now: number): number =>
  entries.reduce((oldest, { since }) => Math.max(oldest, now - Date.parse(since)), 0) / 1_000;

/** The longest queues one by one, the rest together. */
const queuesOf = (queued: readonly QueueEntry[]): Samples => {
  const sizes = new Map<string, number>();
  for (const { triggerId } of queued) sizes.set(triggerId, (sizes.get(triggerId) ?? 0) + 1);
  const longest = [...sizes].sort(([, one], [, other]) => other - one);
  const rest = longest.slice(mostTriggers).reduce((sum, [, size]) => sum + size, 0);
  return [
    ...longest.slice(0, mostTriggers).map(([trigger, size]) => [{ trigger }, size] as const),
    ...(rest > 0 ? [[{ trigger: otherTriggers }, rest] as const] : []),
  ];
};

/** What has not ended, and how long the oldest of it has been waiting for its first start. */
export const queueMetrics = (open: Iterable<QueueEntry>, now: number): readonly Metric[] => {
  const entries = [...open];
  const of = (status: QueueEntry['status']) => entries.filter((entry) => entry.status === status);
  const queued = of('queued');
  const states = ['queued', 'running', 'waiting'] as const;
  return [
    {
      name: 'tripline_invocations_open',
      help: 'Invocations that have not ended, by status.',
      type: 'gauge',
      samples: states.map((status) => [{ status }, of(status).length]),
    },
    {
      name: 'tripline_oldest_queued_seconds',
      help: 'How long the oldest queued invocation has been waiting; 0 where none is.',
      type: 'gauge',
      samples: [[{}, oldestOf(queued, now)]],
    },
    {
      name: 'tripline_trigger_queued',
      help: `Queued invocations by trigger: the ${mostTriggers} longest queues, the rest together.`,
      type: 'gauge',
      samples: queuesOf(queued),
    },
  ];
};
