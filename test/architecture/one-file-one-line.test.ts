import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '..', '..');

/** What a contributor writes to add one thing: a file, and its name in the index beside it. */
interface Addition {
  readonly file: string;
  readonly text: string;
  readonly index: string;
  /** The line of the list, after which the new one goes. */
  readonly after: string;
  readonly entry: string;
  /** An expression over the index that holds once it is there. */
  readonly found: string;
}

const additions: Readonly<Record<string, Addition>> = {
  'trigger kind': {
    file: 'src/triggers/toy.ts',
    text: `import { z } from 'zod';
import { commonConfig } from './common-config.ts';
import { defineKind } from './kind.ts';

const ToyConfig = z.strictObject({ colour: z.string(), ...commonConfig });

export const toy = defineKind<z.output<typeof ToyConfig>>({
  kind: 'toy',
  config: ToyConfig,
  key: ({ colour }) => colour,
  secretPaths: [],
  present: (_, { json }) => ({ executionParams: json, eventMetadata: null }),
});
`,
    index: 'src/triggers/index.ts',
    after: 'const builtIn: readonly TriggerKind[] = [',
    entry: '  toy,',
    found: `index.createTriggerKinds().known.has('toy')`,
  },
  'signature scheme': {
    file: 'src/signatures/toy.ts',
    text: `import { z } from 'zod';
import { textSecret } from './digest.ts';
import { refuse, type SignatureScheme } from './scheme.ts';

const Options = z.strictObject({ colour: z.string().default('red') });

export const toy: SignatureScheme<z.output<typeof Options>> = {
  name: 'toy',
  evidence: null,
  options: Options,
  signsDeliveryId: false,
  headers: ({ colour }) => [\`x-\${colour}\`],
  readSecret: textSecret,
  verify: () => refuse('no-match'),
};
`,
    index: 'src/signatures/index.ts',
    after: 'const builtIn: readonly SignatureScheme[] = [',
    entry: '  toy,',
    found: `index.createSignatureSchemes().known.has('toy')`,
  },
  'filter language': {
    file: 'src/filters/toy.ts',
    text: `import type { FilterLanguage } from './language.ts';

export const toy: FilterLanguage = {
  name: 'toy',
  compile: () => ({ matches: () => true, explain: () => undefined }),
};
`,
    index: 'src/filters/index.ts',
    after: 'const builtIn: readonly FilterLanguage[] = [',
    entry: '  toy,',
    found: `index.createFilterLanguages().known.has('toy')`,
  },
  target: {
    file: 'src/targets/toy.ts',
    text: `import { shutdownOutcome } from '../domain/invocation/outcome.ts';
import type { TargetType } from './target.ts';

export const toy: TargetType = {
  type: 'toy',
  open: () => ({ call: async () => shutdownOutcome, close: async () => {} }),
};
`,
    index: 'src/targets/index.ts',
    after: 'const builtIn: readonly TargetType[] = [',
    entry: '  toy,',
    found: `index.createTargetTypes().known.has('toy')`,
  },
  projection: {
    file: 'projections/toy.ts',
    text: `import { defineProjection } from './projection.ts';

interface Toy {
  readonly triggerId: string;
  readonly position: string;
}

export const toy = defineProjection<Toy>({
  name: 'toy',
  version: 1,
  key: ({ data }) => ('triggerId' in data ? data.triggerId : undefined),
  columns: ['position', 'triggerId'],
  evolve: {
    TriggerRegistered: (_, { data, position }) => ({ triggerId: data.triggerId, position }),
  },
});
`,
    index: 'projections/index.ts',
    after: '  timeline,',
    entry: '  toy,',
    found: `index.coldProjections.toy.name === 'toy'`,
  },
  reactor: {
    file: 'src/routing/reactors/toy.ts',
    text: `import { defineReactor } from './reactor.ts';

export const toy = defineReactor({
  name: 'toy',
  on: {
    TriggerRetired: ({ data }, views) =>
      views
        .openOf(data.triggerId)
        .map((invocationId) => ({ type: 'cancel', invocationId, reason: 'toy' })),
  },
});
`,
    index: 'src/routing/reactors/index.ts',
    after: '  cancelPrevious,',
    entry: '  toy,',
    found: `index.reactors.some(({ name }) => name === 'toy')`,
  },
};

/** The line that names it, and the import that this needs. */
const listed = (index: string, { file, after, entry }: Addition): string => {
  const name = file.split('/').at(-1);
  const lines = `import { toy } from './${name}';\n${index}`.split('\n');
  const at = lines.findIndex((line) => line.startsWith(after));
  const line = lines[at];
  if (line === undefined) throw new Error(`the index has no line ${after}`);
  // A list on one line gets its newcomer there.
  const grown = line === after ? [line, entry] : [`${after}toy, ${line.slice(after.length)}`];
  lines.splice(at, 1, ...grown);
  return lines.join('\n');
};

/** What the compiler has to say of the repository with other texts; what the build knows it need not find out anew. */
const complaintsWith = (texts: ReadonlyMap<string, string>): string[] => {
  const system: ts.System = {
    ...ts.sys,
    fileExists: (path) => texts.has(path) || ts.sys.fileExists(path),
    readFile: (path, encoding) => texts.get(path) ?? ts.sys.readFile(path, encoding),
    writeFile: () => {},
  };
  const config = ts.getParsedCommandLineOfConfigFile(
    join(repository, 'tsconfig.build.json'),
    {},
    { ...system, onUnRecoverableConfigFileDiagnostic: () => {} },
  );
  if (config === undefined) throw new Error('the build has no configuration');
  const { options, fileNames } = config;
  const rootNames = [...new Set([...fileNames, ...texts.keys()])];
  const host = ts.createIncrementalCompilerHost(options, system);
  const program = ts.createIncrementalProgram({ rootNames, options, host });
  const complaints: ts.Diagnostic[] = [];
  for (;;) {
    const looked = program.getSemanticDiagnosticsOfNextAffectedFile();
    if (looked === undefined) break;
    complaints.push(...looked.result);
  }
  return complaints.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
};

describe('adding one thing takes one file and one line in the index beside it', () => {
  let copy: string;

  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'tripline-house-'));
    for (const part of ['src', 'projections', 'tsconfig.json', 'package.json'])
      await cp(join(repository, part), join(copy, part), { recursive: true });
    await symlink(join(repository, 'node_modules'), join(copy, 'node_modules'));
    for (const addition of Object.values(additions)) {
      await writeFile(join(copy, addition.file), addition.text, { flag: 'wx' });
      const index = join(copy, addition.index);
      await writeFile(index, listed(await readFile(index, 'utf8'), addition));
    }
  });

  afterAll(() => rm(copy, { recursive: true, force: true }));

  it('and the whole still compiles', { timeout: 180_000 }, async () => {
    const texts = new Map<string, string>();
    for (const { file, index } of Object.values(additions)) {
      for (const name of [file, index]) {
        texts.set(join(repository, name), await readFile(join(copy, name), 'utf8'));
      }
    }
    expect(complaintsWith(texts)).toEqual([]);
  });

  it('and each is known then', async () => {
    const all = Object.entries(additions);
    const imports = all.map(([, { index }], n) => `import * as i${n} from '${join(copy, index)}';`);
    const known = all.map(([name, { found }], n) => `'${name}': ((index) => ${found})(i${n})`);
    const program = `${imports.join('')} console.log(JSON.stringify({ ${known.join(', ')} }));`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
    const { stdout } = await run(process.execPath, args, { cwd: copy });
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(all.map(([name]) => [name, true])));
  });
});
