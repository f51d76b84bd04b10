import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastingPort } from '../lasting-port.ts';
import { apiOf, type Document } from '../process/api.ts';
import { openFunctionEndpoint } from '../process/function-endpoint.ts';
import { githubDeliveries } from '../process/github-deliveries.ts';
import { setUpGithub } from '../process/github-setup.ts';
import { type Server, startServer } from '../process/server-process.ts';
import { allEnded, until } from '../process/until.ts';
import { moodyFunction } from './function.ts';
import { createSender } from './sender.ts';
import { aligned } from './table.ts';
import { verdictOf } from './verdict.ts';

const deliveries = githubDeliveries(80);
const sentTwice = deliveries.slice(0, 12);
const forged = githubDeliveries(7);

const dataDir = await mkdtemp(join(tmpdir(), 'tripline-demo-'));
const env = { TRIPLINE_LOG_LEVEL: 'warn', TRIPLINE_PORT: String(await lastingPort()) };

const killAndStartAgain = async (server: Server): Promise<Server> => {
  console.log(`Killing it in the middle (SIGKILL, process ${server.pid}) …`);
  await server.kill();
  const again = await startServer({ dataDir, env });
  console.log(`… and it is back (process ${again.pid}).`);
  return again;
};

const trailOf = (facts: readonly Document[]): string =>
  aligned(
    facts.map(({ position, occurredAt, type, actor, entity }) =>
      [position, occurredAt, type, actor, entity].map(String),
    ),
  );

const run = async (): Promise<boolean> => {
  await using endpoint = await openFunctionEndpoint(moodyFunction);
  await using first = await startServer({ dataDir, env });
  console.log(`A server at ${first.url}, a function at ${endpoint.url}`);
  const sender = createSender((await setUpGithub(apiOf(first), endpoint.url)).url);
  const kinds = new Set(deliveries.map(({ event }) => event));
  console.log(`Sending ${deliveries.length} deliveries of GitHub, ${kinds.size} kinds of events …`);

  const lanes = [0, 1, 2, 3].map((lane) => deliveries.filter((_, i) => i % 4 === lane));
  const sending = Promise.all(lanes.map((lane) => sender.send(lane)));
  await until('half is accepted', () => sender.accepted.size >= deliveries.length / 2);
  await using server = await killAndStartAgain(first);
  await sending;
  await sender.send(sentTwice);
  await sender.forge(forged);

  const api = apiOf(server);
  await until('every invocation has ended', () => allEnded(api), 60_000);
  const { accepted, tally } = sender;
  const verdict = verdictOf(await api.list('audit?limit=500', 'events'), accepted.values());
  const calls = [...endpoint.calls.values()].reduce((all, count) => all + count, 0);
  const rows = [
    ['sent', deliveries.length, `in ${tally.posts} posts, ${tally.cutOff} of them cut off`],
    ['accepted', accepted.size, 'on disk before the 202'],
    ['duplicates refused', tally.duplicates, 'answered and recorded, nothing called'],
    ['forgeries refused', tally.refused, `of ${forged.length}`],
    ['invoked', endpoint.calls.size, `in ${calls} calls`],
    ['succeeded', verdict.succeeded, ''],
    ['dead', verdict.dead, 'this function answers forks with 422'],
    ['lost', verdict.lost, ''],
    ['double outcomes', verdict.doubled, ''],
  ];
  console.log(`\n${aligned(rows.map((row) => row.map(String)))}\n`);

  const shown = deliveries.find(({ event }) => event === 'push');
  const story = accepted.get(shown?.id ?? '') ?? '';
  console.log(`The audit trail of one delivery, event ${story}:\n`);
  console.log(trailOf(await api.list(`audit?correlationId=${story}&order=asc`, 'events')));
  return (
    accepted.size === deliveries.length &&
    endpoint.calls.size === deliveries.length &&
    verdict.succeeded + verdict.dead === deliveries.length &&
    verdict.lost + verdict.doubled === 0 &&
    tally.duplicates >= sentTwice.length &&
    tally.refused === forged.length
  );
};

try {
  const good = await run();
  console.log(good ? '\nNothing lost, nothing double.' : '\nThis is not what was promised.');
  process.exitCode = good ? 0 : 1;
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
