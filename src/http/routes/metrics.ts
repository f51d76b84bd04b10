import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { IngressCounters } from '../../intake/counters.ts';
import type { ViewStatus } from '../../views/views.ts';
import { measureMetrics, queueMetrics } from '../measures/fact-metrics.ts';
import { followMeasures } from '../measures/follow-measures.ts';
import { createMeasures } from '../measures/measures.ts';
import { type Metric, metricsText } from '../metrics-text.ts';
import type { Resource, RouteDeps } from './route.ts';
import { resource, row } from './rows.ts';

const snake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('-', '_');

const gauge = (name: string, help: string, value: number): Metric => ({
  name,
  help,
  type: 'gauge',
  samples: [[{}, value]],
});

const counted = (name: string, help: string, label: string, values: object): Metric => ({
  name,
  help,
  type: 'counter',
  samples: Object.entries(values).map(([key, value]) => [{ [label]: key }, Number(value)]),
});

const factPrefix = 'facts.';

/** The engine counts facts by type under `facts.`; everything else it tells is a gauge. */
const engineMetrics = (stats: Readonly<Record<string, number>>): readonly Metric[] => {
  const entries = Object.entries(stats);
  const facts = entries
    .filter(([name]) => name.startsWith(factPrefix))
    .map(([name, value]) => [name.slice(factPrefix.length), value]);
  return [
    counted('tripline_facts_total', 'Facts by type.', 'type', Object.fromEntries(facts)),
    ...entries
      .filter(([name]) => !name.startsWith(factPrefix))
      .map(([name, value]) =>
        gauge(`tripline_engine_${snake(name)}`, 'Of the router and dispatcher.', value),
      ),
  ];
};

const viewMetrics = (views: readonly ViewStatus[]): readonly Metric[] => [
  {
    name: 'tripline_view_serving',
    help: 'Whether the view answers from its current version.',
    type: 'gauge',
    samples: views.map(({ name, state }) => [{ view: name }, state === 'serving' ? 1 : 0]),
  },
  {
    name: 'tripline_view_poisoned_events_total',
    help: 'Events a view has set aside.',
    type: 'counter',
    samples: views.map(({ name, poisoned }) => [{ view: name }, poisoned]),
  },
];

const processMetrics = (delaySeconds: number): readonly Metric[] => [
  gauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
  gauge('process_uptime_seconds', 'Time since the process started.', process.uptime()),
  gauge('nodejs_eventloop_delay_p99_seconds', 'Event loop delay since start.', delaySeconds),
];

const ingressMetrics = (counters: IngressCounters): Metric =>
  counted('tripline_ingress_total', 'Webhook deliveries by result.', 'result', counters.totals());

/** Left out while the view is being built: a scrape must not fail for it. */
const deadLetters = async ({ views }: Pick<RouteDeps, 'views'>): Promise<readonly Metric[]> => {
  const count = await views.count('dead-letters').catch(() => undefined);
  const help = 'Invocations that ended dead and were not retried since.';
  return count === undefined ? [] : [gauge('tripline_dead_letters', help, count)];
};

/** For Prometheus. Labels are of a bounded set: never workspaces, and of triggers only so many. */
export const metrics: Resource = (deps, app) => {
  const measures = createMeasures();
  followMeasures(app, deps, measures);
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const responses = new Map<number, number>();
  app.addHook('onResponse', (_, { statusCode }, done) => {
    responses.set(statusCode, (responses.get(statusCode) ?? 0) + 1);
    done();
  });
  app.addHook('onClose', (_, done) => {
    delay.disable();
    done();
  });

  const page = row({
    operationId: 'getMetrics',
    method: 'GET',
    path: '/metrics',
    summary: 'Metrics as Prometheus text',
    handle: async (_, reply) => {
      reply.type('text/plain; version=0.0.4; charset=utf-8');
      return metricsText([
        ingressMetrics(deps.counters),
        counted(
          'tripline_http_responses_total',
          'Answers of the management API by status.',
          'status',
          Object.fromEntries(responses),
        ),
        ...queueMetrics(deps.engine.open(), deps.clock.now()),
        ...(await deadLetters(deps)),
        ...measureMetrics(measures),
        ...engineMetrics(deps.engine.stats()),
        ...viewMetrics(await deps.views.stats()),
        ...processMetrics(delay.percentile(99) / 1e9),
      ]);
    },
  });
  resource({ tag: 'server', at: '', right: 'metrics' }, () => [page])(deps, app);
};
