import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { abouts } from '../../src/http/description/about.ts';
import type { ApiDocument, Operation, Schema } from '../../src/http/description/document.ts';
import { examples } from '../../src/http/description/examples.ts';
import { problems } from '../../src/http/problems.ts';
import { signatureSchemes } from '../../src/signatures/index.ts';
import { triggerKinds } from '../../src/triggers/index.ts';
import { startServer } from './server-under-test.ts';

const documentOf = async (): Promise<ApiDocument> => {
  await using server = await startServer();
  return (await server.ask('GET', '/openapi.json')).json() as ApiDocument;
};

interface Described {
  readonly request: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const operationsIn = ({ paths }: ApiDocument): readonly Described[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      request: `${method.toUpperCase()} ${path}`,
      method,
      path,
      operation,
    })),
  );

/** Every value of a member of that name, wherever it stands. */
const allOf = (value: unknown, name: string): readonly unknown[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = Object.entries(value).filter(([key]) => key === name);
  return [
    ...own.map(([, member]) => member),
    ...Object.values(value).flatMap((member) => allOf(member, name)),
  ];
};

const at = (document: unknown, ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined)?.[key],
      document,
    );

/** A check of values against a schema of the document, references included. */
const typeOf = (document: ApiDocument, schema: Schema): z.ZodType => {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
  const whole = JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/'));
  return z.fromJSONSchema(whole);
};

const jsonOf = (operation: Operation, status: string): Schema | undefined =>
  operation.responses[status]?.content?.['application/json']?.schema;

describe('the API’s description', () => {
  it('refers to nothing that is not there, and has nothing that nobody refers to', async () => {
    const document = await documentOf();
    const refs = allOf(document, '$ref').map(String);
    expect(refs.filter((ref) => at(document, ref) === undefined)).toEqual([]);
    const used = new Set(refs);
    const own = Object.keys(document.components.schemas).map((n) => `#/components/schemas/${n}`);
    expect(own.filter((ref) => !used.has(ref))).toEqual([]);
    expect(own.filter((ref) => ref.endsWith('Input'))).toEqual([]);
  });

  it('says of each operation what it does, who may, and how it is refused', async () => {
    const document = await documentOf();
    const tags = new Set(document.tags?.map(({ name }) => name));
    for (const { request, operation } of operationsIn(document)) {
      const { description = '', security = [], responses } = operation;
      const statuses = Object.keys(responses);
      expect([request, operation.tags.filter((tag) => !tags.has(tag))]).toEqual([request, []]);
      const isPublic = security.length === 0;
      expect([request, description]).toEqual([
        request,
        expect.stringMatching(isPublic ? /Needs no token\./ : /`[\w-]+:(read|write)`/),
      ]);
      expect([request, statuses.some((status) => status.startsWith('2'))]).toEqual([request, true]);
      const least = isPublic ? ['500', '503'] : ['400', '401', '403', '500', '503'];
      expect([request, least.filter((status) => !statuses.includes(status))]).toEqual([
        request,
        [],
      ]);
      const unsaid = Object.values(responses).filter(
        (answer) => answer.$ref === undefined && !answer.description,
      );
      expect([request, unsaid]).toEqual([request, []]);
    }
  });

  it('knows every status that the table of errors has, with its codes', async () => {
    const { components } = await documentOf();
    const described = Object.values(components.responses ?? {}).flatMap((answer) =>
      Object.keys(answer.content?.['application/problem+json']?.examples ?? {}),
    );
    const unheard = [
      'method_not_allowed',
      'data_directory_in_use',
      'data_directory_unusable',
      'cannot_listen',
      'invalid_configuration',
    ];
    const codes = Object.keys(problems).map((code) => code.replaceAll('-', '_'));
    expect([...described, ...unheard].sort()).toEqual(codes.sort());
  });

  it('has examples that are what it says they are', async () => {
    const document = await documentOf();
    const operations = new Map(
      operationsIn(document).map(({ operation }) => [operation.operationId, operation]),
    );
    const complaint = (schema: Schema | undefined, value: unknown) =>
      value === undefined ? undefined : typeOf(document, schema ?? {}).safeParse(value).error;
    for (const [id, { body, answer }] of Object.entries(examples)) {
      const operation = operations.get(id);
      if (operation === undefined) throw new TypeError(`there is no ${id}`);
      const sent = operation.requestBody?.content['application/json']?.schema;
      expect([id, complaint(sent, body)]).toEqual([id, undefined]);
      const status = Object.keys(operation.responses).find((found) => found.startsWith('2'));
      const answered = jsonOf(operation, status ?? '');
      expect([id, complaint(answered, answer)]).toEqual([id, undefined]);
    }
  });

  it('says what is special about operations that there are', async () => {
    const ids = operationsIn(await documentOf()).map(({ operation }) => operation.operationId);
    expect(Object.keys(abouts).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('tells of each kind of trigger what its metadata may hold', async () => {
    const document = await documentOf();
    const type = typeOf(document, { $ref: '#/components/schemas/NewFunctionTrigger' });
    const common = { name: 'one', functionId: '11111111-2222-3333-4444-555555555555' };
    const right: Record<string, object> = {
      webhook: { path: '/here' },
      'on-demand': {},
      'event-driven': { event: 'record_created', recordSlug: 'orders' },
      event: { eventType: 'paid' },
      message: { topic: 'a.*' },
      scheduled: { interval: 60 },
    };
    expect(Object.keys(right).sort()).toEqual([...triggerKinds.keys()].sort());
    for (const [executionType, triggerMetadata] of Object.entries(right)) {
      const given = { ...common, executionType, triggerMetadata };
      expect([executionType, type.safeParse(given).success]).toEqual([executionType, true]);
      const wrong = { ...given, triggerMetadata: { ...triggerMetadata, colour: 'blue' } };
      expect([executionType, type.safeParse(wrong).success]).toEqual([executionType, false]);
    }
    const ofUrls = { publicUrl: 'https://hooks.example.com/here' };
    const needed: Readonly<Record<string, object>> = {
      ...{ hmac: { header: 'X-Sig' }, twilio: ofUrls, square: ofUrls, hubspot: ofUrls },
    };
    for (const scheme of signatureSchemes.keys()) {
      const signature = { scheme, secrets: ['one'], ...needed[scheme] };
      const triggerMetadata = { path: '/here', signature };
      const given = { ...common, executionType: 'webhook', triggerMetadata };
      expect([scheme, type.safeParse(given).success]).toEqual([scheme, true]);
    }
  });

  it('fits what the server answers', async () => {
    await using server = await startServer();
    const document = (await server.ask('GET', '/openapi.json')).json() as ApiDocument;
    const { id: functionId } = await server.createFunction();
    await server.createTrigger({
      functionId,
      executionType: 'webhook',
      triggerMetadata: {
        path: '/here',
        signature: { scheme: 'github', secrets: [{ value: 'x', encrypt: true }] },
      },
    });
    const { id: draft } = (
      await server.ask('POST', 'function-triggers/drafts', { payload: { name: 'a draft' } })
    ).json();
    const { id } = await server.createTrigger({ functionId });
    const job = (await server.ask('POST', `function-triggers/${id}/execute`)).json();
    await server.ask('POST', 'api-keys', { payload: { name: 'k', scopes: ['events:read'] } });
    const idOf = (path: string): string => {
      if (path.includes('/drafts/')) return draft;
      if (path.includes('/compute-functions/')) return functionId;
      return path.includes('/function-triggers/') ? id : job;
    };
    const answers = new Map<string, number>();
    for (const { request, method, path, operation } of operationsIn(document)) {
      // One of them has no end.
      if (method !== 'get' || operation.operationId === 'followLive') continue;
      const url = path
        .replace('{slug}', 'acme')
        .replace('{id}', idOf(path))
        .replace('{name}', 'trigger');
      const answer = await server.ask('GET', url);
      const schema = jsonOf(operation, String(answer.statusCode));
      answers.set(request, answer.statusCode);
      if (schema === undefined) continue;
      const { error } = typeOf(document, schema).safeParse(answer.json());
      expect([request, error]).toEqual([request, undefined]);
    }
    expect([...answers.values()].filter((status) => status === 200).length).toBeGreaterThan(20);
  });

  it('marks If-Match where it is heeded', async () => {
    await using server = await startServer();
    const { id: functionId } = await server.createFunction();
    const { id: trigger } = await server.createTrigger({ functionId });
    const { id: draft } = (
      await server.ask('POST', 'function-triggers/drafts', { payload: { name: 'a draft' } })
    ).json();
    const document = (await server.ask('GET', '/openapi.json')).json() as ApiDocument;
    const marked = operationsIn(document).filter(({ operation }) =>
      operation.parameters?.some(({ name }) => name === 'If-Match'),
    );
    expect(marked.length).toBeGreaterThan(8);
    for (const { request, method, path } of marked) {
      const id = path.includes('compute-functions') ? functionId : trigger;
      const url = path
        .replace('{slug}', 'acme')
        .replace('{id}', path.includes('drafts') ? draft : id);
      const answer = await server.ask(method.toUpperCase() as 'PUT', url, {
        headers: { 'if-match': '"99"' },
        ...(method === 'put' && { payload: { description: 'other' } }),
      });
      expect([request, answer.statusCode]).toEqual([request, 412]);
    }
  });
});

describe('the pages for people', () => {
  it('need nothing but themselves', async () => {
    await using server = await startServer();
    for (const url of ['/docs', '/']) {
      const answer = await server.ask('GET', url, { headers: { accept: 'text/html,*/*' } });
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.body).not.toMatch(/<script|src=|<link|@import|url\(/);
      expect(answer.body.match(/href="(?!#|\/)/g)).toBeNull();
    }
  });

  it('tell every operation with its members, and lead to each schema', async () => {
    await using server = await startServer();
    const document = (await server.ask('GET', '/openapi.json')).json() as ApiDocument;
    const { body } = await server.ask('GET', '/docs');
    for (const { operation } of operationsIn(document))
      expect(body).toContain(`id="${operation.operationId}"`);
    const targets = new Set([...body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => `#${id}`));
    const links = [...body.matchAll(/href="(#[^"]+)"/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !targets.has(link))).toEqual([]);
    expect(body).toContain('misfire');
  });

  it('say at the root what this is and where to go, to programs as well', async () => {
    await using server = await startServer();
    const answer = await server.ask('GET', '/', { headers: { authorization: '' } });
    expect(answer.statusCode).toBe(200);
    const { docs, openapi, machines, health, ready } = answer.json();
    for (const url of [docs, openapi, machines, health, ready])
      expect([url, (await server.ask('GET', url)).statusCode]).toEqual([url, 200]);
  });
});
