import { describe, expect, it } from 'vitest';
import type { CallOutcome } from '../../src/domain/invocation/outcome.ts';
import { type ServerUnderTest, startServer } from './server-under-test.ts';

const refused: CallOutcome = {
  ok: false,
  durationMs: 1,
  failure: { kind: 'status', message: 'answered 400', status: 400, body: null },
  retryAfterMs: null,
};

const call = async () => refused;

/** One that has ended dead; resolves when it has. */
const die = async (
  server: ServerUnderTest,
): Promise<Record<'jobId' | 'id' | 'functionId', string>> => {
  const { id: functionId } = await server.createFunction();
  const { id } = await server.createTrigger({ functionId });
  const jobId = (await server.ask('POST', `function-triggers/${id}/execute`)).json();
  await expect
    .poll(async () => (await server.ask('GET', `jobs/${jobId}`)).json().status)
    .toBe('failed');
  return { jobId, id, functionId };
};

const list = async (server: ServerUnderTest, query = '') =>
  (await server.ask('GET', `dead-letters${query}`)).json();
const idsOf = ({ deadLetters }: { deadLetters: { invocationId: string }[] }) =>
  deadLetters.map(({ invocationId }) => invocationId);

describe('dead letters', () => {
  it('are listed with their reason, latest first, by trigger, function and reason', async () => {
    await using server = await startServer({ call });
    const [first, second] = [await die(server), await die(server)];
    expect(await list(server)).toMatchObject({
      deadLetters: [
        { invocationId: second.jobId, triggerId: second.id, functionId: second.functionId },
        { invocationId: first.jobId, reason: 'not-retryable', failure: { status: 400 } },
      ],
      next: null,
    });
    expect(idsOf(await list(server, `?triggerId=${first.id}`))).toEqual([first.jobId]);
    expect(idsOf(await list(server, `?functionId=${second.functionId}`))).toEqual([second.jobId]);
    expect(idsOf(await list(server, '?reason=gone'))).toEqual([]);
    expect(idsOf(await list(server, '?reason=not-retryable&order=asc'))).toEqual([
      first.jobId,
      second.jobId,
    ]);
  });

  it('are found by kind of failure and time of death, and counted by reason', async () => {
    await using server = await startServer({ call });
    const [first, second] = [await die(server), await die(server)];
    const { diedAt } = (await list(server)).deadLetters[0];
    const counts = { 'not-retryable': 2 };
    expect(await list(server, '?limit=1')).toMatchObject({ counts });
    expect(idsOf(await list(server, '?failureKind=status&order=asc'))).toEqual([
      first.jobId,
      second.jobId,
    ]);
    expect(await list(server, '?failureKind=timeout')).toEqual({
      ...{ deadLetters: [], counts: {}, next: null },
    });
    expect(idsOf(await list(server, `?from=${diedAt}`))).toContain(second.jobId);
    expect((await list(server, '?to=2020-01-01T00:00:00Z')).counts).toEqual({});
    expect(await list(server, '?reason=gone')).toEqual({ deadLetters: [], counts, next: null });
    expect((await server.ask('GET', 'dead-letters?from=yesterday')).statusCode).toBe(400);
  });

  it('come page by page, none twice and none left out', async () => {
    await using server = await startServer({ call });
    const died = [await die(server), await die(server), await die(server)];
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const page = await list(server, `?limit=1&order=asc${next === null ? '' : `&after=${next}`}`);
      seen.push(...idsOf(page));
      next = page.next;
    } while (next !== null);
    expect(seen).toEqual(died.map(({ jobId }) => jobId));
  });

  it('are gone from the list once they are retried', async () => {
    await using server = await startServer({ call });
    const { jobId } = await die(server);
    await server.ask('POST', `invocations/${jobId}/retry`);
    expect(idsOf(await list(server))).not.toContain(jobId);
  });

  it('of one workspace are not another’s, and a filter that is not known is refused', async () => {
    await using server = await startServer({ call });
    await die(server);
    expect((await server.ask('GET', 'dead-letters?colour=blue')).statusCode).toBe(400);
    const elsewhere = await server.ask('GET', '/workspace/other/api/v1/dead-letters');
    expect(elsewhere.statusCode).toBe(403);
  });
});
