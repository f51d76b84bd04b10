import { parseArgs } from 'node:util';
import { type Campaign, runCampaign } from './campaign.ts';
import { neverSeen, rateOf, tableOf } from './campaign-table.ts';
import { reportOf } from './failure-report.ts';
import { runHistory } from './history.ts';

const usage = `npm run sim -- --minutes M [--from SEED]   histories of seeds in a row, on all processors
npm run sim -- --seed N [--until S]        one history, told line by line up to a step`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    until: { type: 'string' },
    minutes: { type: 'string', default: '1' },
    from: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** So few may well have missed something. */
const enoughToJudge = 3_000;

const runOne = async (seed: number, until: number | undefined): Promise<boolean> => {
  const keep = until === undefined ? 30 : 1_000_000;
  const { broken, tail, steps, hash, log } = await runHistory({ seed, until, keep });
  if (until !== undefined) console.log(tail.join('\n'));
  if (broken.length > 0) console.log(reportOf({ seed, steps, broken, tail: tail.slice(-30) }));
  console.log(`seed ${seed}: ${steps} steps, ${log.length} facts, ${hash}`);
  return broken.length === 0;
};

const progress = (campaign: Campaign, nextSeed: number): void => {
  const { histories, failures } = campaign;
  const line = `${histories} histories, ${rateOf(campaign)} a minute, ${failures.length} failed, next seed ${nextSeed}`;
  process.stderr.write(
    process.stderr.isTTY ? `\r${line} ` : histories % 500 === 0 ? `${line}\n` : '',
  );
};

const runMany = async (minutes: number, from: number): Promise<boolean> => {
  const campaign = await runCampaign({ minutes, from, onProgress: progress });
  const { histories, steps, facts, again, failures } = campaign;
  console.log(`\n${tableOf(campaign)}\n`);
  for (const failure of failures.slice(0, 5)) console.log(`${reportOf(failure)}\n`);
  for (const { seed, broken } of failures.slice(5)) console.log(`seed ${seed}: ${broken[0]}`);
  const missed = histories < enoughToJudge ? [] : neverSeen(campaign);
  for (const name of missed) console.log(`never seen: ${name}`);
  console.log(
    `${histories} histories from seed ${from}, ${rateOf(campaign)} a minute; ` +
      `${Math.round(steps / histories)} steps and ${Math.round(facts / histories)} facts each; ` +
      `${again} run twice; ${failures.length} failed`,
  );
  return failures.length === 0 && missed.length === 0;
};

const main = async (): Promise<void> => {
  if (values.help) {
    console.log(usage);
    return;
  }
  const { seed, until, minutes, from } = values;
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  const ok =
    seed === undefined
      ? await runMany(Number(minutes), number(from) ?? Math.floor(Date.now() / 1_000))
      : await runOne(Number(seed), number(until));
  process.exitCode = ok ? 0 : 1;
};

await main();
