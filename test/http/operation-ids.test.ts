import { describe, expect, it } from 'vitest';
import { startServer } from './server-under-test.ts';

interface Operation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
}

const operationsOf = async (): Promise<readonly (readonly [string, Operation])[]> => {
  await using server = await startServer();
  const { paths } = (await server.ask('GET', '/openapi.json')).json() as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  );
};

describe('the API’s description', () => {
  it('gives every operation a name of its own, that a client can be generated from', async () => {
    const operations = await operationsOf();
    expect(operations.length).toBeGreaterThan(45);
    const nameless = operations.filter(
      ([, { operationId }]) => !/^[a-z]\w+$/.test(`${operationId ?? ''}`),
    );
    expect(nameless.map(([request]) => request)).toEqual([]);
    const names = operations.map(([, { operationId }]) => operationId);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('tells of every operation where it belongs and what a refusal looks like', async () => {
    for (const [request, { tags, responses }] of await operationsOf()) {
      expect([request, tags?.length]).toEqual([request, 1]);
      expect([request, Object.keys(responses['default']?.content ?? {})]).toEqual([
        request,
        ['application/problem+json'],
      ]);
    }
  });
});
