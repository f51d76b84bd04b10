import { startBare, startLoad, startTarget } from './bench-processes.ts';
import type { ClosedLoopResult } from './closed-loop.ts';
import type { Part } from './part.ts';
import { medianOf } from './percentiles.ts';
import { startProduct } from './product.ts';

const rounds = 3;
const load = { warmupMs: 1_000, measureMs: 3_000 };

const figures = (results: readonly ClosedLoopResult[]) => ({
  perSecond: medianOf(results.map(({ perSecond }) => perSecond)),
  p50: medianOf(results.map(({ p50 }) => p50)),
  p99: medianOf(results.map(({ p99 }) => p99)),
  refused: results.reduce((sum, { refused }) => sum + refused, 0),
});

/**
 * Deliveries that are verified and on disk before the answer, against a route that only parses. The
 * function never answers: what is measured is ingest and routing, not the calls that would follow.
 */
export const ingest: Part = {
  name: 'ingest',
  title: 'Signed webhook, durable before the 202, against a bare route that stores nothing',
  aim: 'ratio ≥ 0.5 at 64 connections',
  run: async () => {
    await using target = await startTarget();
    await using generator = await startLoad();
    await using bare = await startBare();
    const targetPort = await target.ask('listen', { markers: false });
    const barePort = await bare.ask('listen', null);
    const findings = [];
    for (const connections of [1, 16, 64, 256]) {
      await using product = await startProduct({ target: targetPort, held: true });
      const ours: ClosedLoopResult[] = [];
      const yardstick: ClosedLoopResult[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const spec = { ...product.sender, ...load, connections };
        yardstick.push(await generator.ask('closed', { ...spec, port: barePort, path: '/hook' }));
        ours.push(await generator.ask('closed', spec));
      }
      const own = figures(ours);
      const theirs = figures(yardstick);
      findings.push({
        what: `${connections} connections`,
        'per second': own.perSecond,
        'bare route': theirs.perSecond,
        ratio: own.perSecond / theirs.perSecond,
        'p50 ms': own.p50,
        'p99 ms': own.p99,
        'bare p50 ms': theirs.p50,
        'bare p99 ms': theirs.p99,
        refused: own.refused,
      });
    }
    return findings;
  },
};
