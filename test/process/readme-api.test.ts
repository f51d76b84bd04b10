import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Scratch, scratch } from './scratch.ts';
import { startServer } from './server-process.ts';

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary: string }>>>>;
}

const base = '/workspace/{slug}/api/v1';

describe('the README', () => {
  let resources: Scratch = scratch();
  afterEach(async () => {
    await resources[Symbol.asyncDispose]();
    resources = scratch();
  });

  it('lists every request that the API describes, in its words, and no other', async () => {
    const server = resources.use(await startServer({ dataDir: await resources.directory() }));
    const answer = await fetch(`${server.url}/openapi.json`);
    const { paths } = (await answer.json()) as Described;
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, { summary }]) =>
          `| \`${method.toUpperCase()} ${path.replace(base, '…')}\` | ${summary} |`,
      ),
    );
    const readme = await readFile(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
    const [, section = ''] = readme.split('\n## HTTP API\n');
    const listed = section.split('\n## ')[0]?.match(/^\| `[A-Z]+ .*\|$/gm) ?? [];
    expect([...listed].sort()).toEqual(described.sort());
  });
});
