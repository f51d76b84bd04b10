import { describe, expect, it } from 'vitest';
import { type ServerUnderTest, startServer } from './server-under-test.ts';

const schema = {
  type: 'object',
  properties: { customer: { type: 'object', properties: { id: { type: 'integer' } } } },
  required: ['customer'],
};
const examples = [{ id: 'first', name: 'A first customer', payload: { customer: { id: 1 } } }];

const create = async (server: ServerUnderTest, triggerMetadata: object = { schema, examples }) => {
  const { id: functionId } = await server.createFunction();
  return server.createTrigger({ functionId, executionType: 'on-demand', triggerMetadata });
};

const fieldsOf = (answer: { json(): { details: { field: string }[] } }) =>
  answer.json().details.map(({ field }) => field);

describe('an on-demand trigger with a schema', () => {
  it('shows its schema and its examples', async () => {
    await using server = await startServer();
    const { id } = await create(server);
    const { triggerMetadata } = (await server.ask('GET', `function-triggers/${id}`)).json();
    expect(triggerMetadata).toMatchObject({ schema, examples });
  });

  it('is executed with what is like the schema', async () => {
    await using server = await startServer();
    const { id } = await create(server);
    const payload = { customer: { id: 7 } };
    const answer = await server.ask('POST', `function-triggers/${id}/execute`, { payload });
    expect(answer.statusCode).toBe(200);
  });

  it('refuses anything else by pointers, and records nothing of it', async () => {
    await using server = await startServer();
    const { id } = await create(server);
    const at = `function-triggers/${id}/execute`;
    const wrong = await server.ask('POST', at, { payload: { customer: { id: 'x' } } });
    expect(wrong.statusCode).toBe(400);
    expect(wrong.json().details).toEqual([
      { field: 'body/customer/id', message: 'must be of type integer, not "x"' },
    ]);
    const without = await server.ask('POST', at);
    expect([without.statusCode, fieldsOf(without)]).toEqual([400, ['body']]);
    expect((await server.ask('GET', 'events')).json().events).toEqual([]);
  });

  it('answers a repetition as before, also when the schema is another by now', async () => {
    await using server = await startServer();
    const { id } = await create(server);
    const request = { payload: { customer: {} }, headers: { 'idempotency-key': 'once' } };
    const run = () => server.ask('POST', `function-triggers/${id}/execute`, request);
    const first = (await run()).json();
    const changed = { triggerMetadata: { schema: false, examples: null } };
    const change = await server.ask('PUT', `function-triggers/${id}`, { payload: changed });
    expect(change.statusCode).toBe(200);
    expect((await run()).json()).toBe(first);
  });

  it('is refused where the schema is none, and where an example is not like it', async () => {
    await using server = await startServer();
    const { id: functionId } = await server.createFunction();
    const refused = async (triggerMetadata: object) => {
      const payload = { name: 'x', functionId, executionType: 'on-demand', triggerMetadata };
      const answer = await server.ask('POST', 'function-triggers', { payload });
      expect(answer.statusCode).toBe(400);
      return fieldsOf(answer);
    };
    const typo = { properties: { a: { type: 'text' } } };
    expect(await refused({ schema: typo })).toEqual(['triggerMetadata.schema/properties/a/type']);
    const bad = [...examples, { name: 'bad', payload: { customer: { id: '1' } } }];
    expect(await refused({ schema, examples: bad })).toEqual([
      'triggerMetadata.examples.1.payload/customer/id',
    ]);
  });

  it('cannot be changed to a schema that its examples are not like, nor drafted with none', async () => {
    await using server = await startServer();
    const { id } = await create(server);
    const payload = { triggerMetadata: { schema: { type: 'string' } } };
    const change = await server.ask('PUT', `function-triggers/${id}`, { payload });
    expect([change.statusCode, fieldsOf(change)]).toEqual([
      400,
      ['triggerMetadata.examples.0.payload'],
    ]);
    const content = {
      executionType: 'on-demand',
      triggerMetadata: { schema: { $ref: 'https://example.com' } },
    };
    const draft = await server.ask('POST', 'function-triggers/drafts', { payload: content });
    expect([draft.statusCode, fieldsOf(draft)]).toEqual([400, ['triggerMetadata.schema/$ref']]);
  });
});
