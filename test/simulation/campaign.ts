import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { BatchResult, Failure } from './batch.ts';
import { type Counters, createCounters } from './counters.ts';

export interface Campaign {
  histories: number;
  steps: number;
  facts: number;
  again: number;
  readonly counters: Counters;
  readonly failures: Failure[];
  readonly began: number;
}

export interface CampaignOptions {
  readonly from: number;
  readonly minutes: number;
  readonly onProgress: (campaign: Campaign, nextSeed: number) => void;
}

const batchSize = 25;

const add = (campaign: Campaign, result: BatchResult): void => {
  campaign.histories += result.histories;
  campaign.steps += result.steps;
  campaign.facts += result.facts;
  campaign.again += result.again;
  campaign.failures.push(...result.failures);
  for (const [name, times] of result.counters) campaign.counters.count(name, times);
};

const startWorker = (): ChildProcess =>
  fork(new URL('./worker.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });

/** As many histories as fit into the time, on all processors. */
export const runCampaign = async (options: CampaignOptions): Promise<Campaign> => {
  const { minutes, onProgress } = options;
  const began = Date.now();
  const ends = began + minutes * 60_000;
  const campaign: Campaign = {
    ...{ histories: 0, steps: 0, facts: 0, again: 0, began },
    counters: createCounters(),
    failures: [],
  };
  let seed = options.from;

  const work = (worker: ChildProcess): Promise<void> =>
    new Promise((resolve, reject) => {
      const next = (): void => {
        if (Date.now() >= ends) {
          worker.kill();
          resolve();
          return;
        }
        worker.send({ from: seed, count: batchSize });
        seed += batchSize;
      };
      worker.on('message', (result: BatchResult) => {
        add(campaign, result);
        onProgress(campaign, seed);
        next();
      });
      worker.once('error', reject);
      worker.once('exit', (code) => {
        if (code !== null && code !== 0) reject(new Error(`a worker ended with ${code}`));
      });
      next();
    });

  await Promise.all(Array.from({ length: availableParallelism() }, () => work(startWorker())));
  return campaign;
};
