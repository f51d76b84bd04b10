import { jsonEvent } from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';
import { createEsdbClient } from '../../../src/store/esdb/client.ts';
import { createMemoryStore } from '../../../src/store/memory-store.ts';
import { startDouble } from './double/double.ts';

const event = () => jsonEvent({ type: 'SampleTaken', data: {} });

describe('a client that was given up', () => {
  it('sends nothing any more, not even what waited for the server to answer', async () => {
    const double = await startDouble(createMemoryStore());
    double.faults.capabilities.push('late');
    const { client, ready, retire } = createEsdbClient(double.url);
    const waiting = client.appendToStream('sample-1', event());
    const refused = expect(waiting).rejects.toThrow('given up');
    await expect.poll(() => double.faults.capabilities.length).toBe(0);
    await retire();
    await ready;
    await refused;

    await expect(client.appendToStream('sample-1', event())).rejects.toThrow('given up');
    expect(double.seen.appends).toBe(0);
    double.crash();
  });

  it('has told every append under way that it failed', async () => {
    const double = await startDouble(createMemoryStore());
    double.faults.append.push('stored-hang', 'hang');
    const { client, retire } = createEsdbClient(double.url);
    const appends = [1, 2].map((stream) => client.appendToStream(`sample-${stream}`, event()));
    const failures = Promise.allSettled(appends);
    await expect.poll(() => double.seen.appends).toBe(2);
    await retire();

    expect((await failures).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    double.crash();
  });
});
