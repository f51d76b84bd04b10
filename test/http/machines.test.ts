import { describe, expect, it } from 'vitest';
import { machines } from '../../src/domain/machines.ts';
import { startServer } from './server-under-test.ts';

describe('the machines', () => {
  it('are all listed, without a token', async () => {
    await using server = await startServer();
    const answer = await server.http.inject({ url: '/machines' });
    expect(answer.statusCode).toBe(200);
    const ids = answer.json().machines.map(({ id }: { id: string }) => id);
    expect(ids).toEqual([...machines.keys()]);
  });

  it('are shown as XState JSON and as a diagram', async () => {
    await using server = await startServer();
    const json = await server.http.inject({ url: '/machines/trigger' });
    expect(json.json()).toMatchObject({
      id: 'trigger',
      states: { active: { on: { TriggerPaused: 'paused' } } },
    });
    const diagram = await server.http.inject({ url: '/machines/trigger?format=mermaid' });
    expect(diagram.headers['content-type']).toContain('text/vnd.mermaid');
    expect(diagram.body).toContain('stateDiagram-v2');
    expect(diagram.body).toContain('active --> paused: TriggerPaused');
  });

  it.each(['sometimes', '__proto__', 'constructor'])('there is none called %s', async (name) => {
    await using server = await startServer();
    expect((await server.http.inject({ url: `/machines/${name}` })).statusCode).toBe(404);
  });
});

describe('the history of a function', () => {
  it('steps through its versions, and outlives it', async () => {
    await using server = await startServer();
    const { id } = await server.createFunction();
    await server.ask('PUT', `compute-functions/${id}`, { payload: { timeoutMs: 5 } });
    await server.ask('DELETE', `compute-functions/${id}`);
    const { steps } = (await server.ask('GET', `compute-functions/${id}/history`)).json();
    expect(steps).toMatchObject([
      { from: 'absent', type: 'FunctionRegistered', to: 'active', version: 1, actor: 'user:ann' },
      { from: 'active', type: 'FunctionRevised', to: 'active', version: 2 },
      { from: 'active', type: 'FunctionRetired', to: 'retired', version: 2 },
    ]);
  });
});
