import type { Witness } from './witness.ts';

interface Server {
  readonly url: string;
  /** Of the API of one workspace. */
  readonly base: string;
}

/** Every answer a reader can get. */
export const readAll = async ({ base, url }: Server, witness: Witness): Promise<void> => {
  const lists = [
    'function-triggers',
    'compute-functions',
    'api-keys',
    'secrets',
    'events?limit=500',
    'invocations?limit=500',
    'invocations?status=dead',
    'audit?limit=500',
    'audit/export',
  ];
  const answers = new Map<
    string,
    { readonly [list: string]: readonly { readonly id: string }[] }
  >();
  for (const path of lists) {
    const { json } = await witness.ask(`${base}/${path}`, 'GET');
    if (!path.includes('status=')) answers.set(path.replace(/\?.*/, ''), json);
  }
  const each = async (list: string, member: string, ...below: readonly string[]) => {
    for (const { id } of answers.get(list)?.[member] ?? [])
      for (const path of ['', ...below]) await witness.ask(`${base}/${list}/${id}${path}`, 'GET');
  };
  await each('function-triggers', 'triggers', '/history', '/versions');
  await each('compute-functions', 'functions');
  await each('api-keys', 'apiKeys');
  await each('events', 'events');
  await each('invocations', 'invocations');
  for (const path of ['/metrics', '/openapi.json', '/docs', '/health', '/health/ready'])
    await witness.ask(`${url}${path}`, 'GET');
};
