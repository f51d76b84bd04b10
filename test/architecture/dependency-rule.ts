import type { IForbiddenRuleType } from 'dependency-cruiser';

/**
 * What each folder may import, leftmost first: folders or files of ours, and packages. Whatever is
 * not listed here is refused, so a new folder starts with a line of its own.
 */
const port = [
  'src/store/event-store.ts',
  'src/store/wrong-expected-revision.ts',
  'src/store/upcasters.ts',
];
const thread = ['src/thread.ts'];
const domain = ['src/domain/'];
const pure = [...domain, 'projections/'];
const kinds = [...domain, 'src/triggers/'];
const engine = [
  ...pure,
  ...port,
  ...kinds,
  'src/sealing/',
  'src/actors/',
  'src/subscriptions/',
  'src/reactors/',
  'src/dispatch/',
];

interface Layer {
  readonly from: string;
  readonly mayImport: readonly string[];
  readonly packages: readonly string[];
  /** Node's own modules: any, or only these. */
  readonly node: 'any' | readonly string[];
}

const layers: readonly Layer[] = [
  { from: 'src/domain/', mayImport: domain, packages: ['zod', 'xstate'], node: ['crypto'] },
  { from: 'projections/', mayImport: pure, packages: [], node: [] },
  {
    from: 'src/triggers/',
    mayImport: kinds,
    packages: ['zod', 'croner'],
    node: ['crypto'],
  },
  {
    from: 'src/signatures/',
    mayImport: [...domain, 'src/signatures/'],
    packages: ['zod'],
    node: ['crypto'],
  },
  {
    from: 'src/sealing/',
    mayImport: [...domain, 'src/sealing/'],
    packages: ['zod'],
    node: ['crypto'],
  },
  { from: 'src/thread.ts', mayImport: [], packages: [], node: 'any' },
  {
    from: 'src/store/',
    mayImport: [...domain, ...thread, 'src/store/'],
    packages: ['better-sqlite3', '@eventstore/db-client', 'zod'],
    node: 'any',
  },
  {
    from: 'src/actors/',
    mayImport: [...domain, ...port, 'src/actors/'],
    packages: [],
    node: ['crypto'],
  },
  {
    from: 'src/subscriptions/',
    mayImport: [...pure, ...thread, 'src/store/', 'src/subscriptions/'],
    packages: ['better-sqlite3'],
    node: 'any',
  },
  { from: 'src/reactors/', mayImport: engine, packages: [], node: ['crypto'] },
  { from: 'src/dispatch/', mayImport: [...engine, ...thread], packages: ['undici'], node: 'any' },
  {
    from: 'src/http/',
    mayImport: [...engine, 'src/signatures/', 'src/config.ts', 'src/http/'],
    packages: ['fastify', '@fastify/', 'fastify-type-provider-zod', 'zod', 'jose'],
    node: 'any',
  },
  { from: 'src/exit-codes.ts', mayImport: domain, packages: [], node: [] },
  { from: 'src/key-file.ts', mayImport: domain, packages: [], node: 'any' },
  { from: 'src/key-set-file.ts', mayImport: domain, packages: ['jose', 'zod'], node: 'any' },
  { from: 'src/config.ts', mayImport: domain, packages: ['zod'], node: 'any' },
  {
    from: 'src/keys.ts',
    mayImport: ['src/config.ts', 'src/key-file.ts', 'src/key-set-file.ts'],
    packages: [],
    node: 'any',
  },
  {
    from: 'src/banner.ts',
    mayImport: ['src/config.ts', 'src/keys.ts', 'src/http/dev-token.ts'],
    packages: [],
    node: [],
  },
  {
    from: 'src/app.ts',
    mayImport: ['src/', 'projections/'],
    packages: ['pino', 'fastify', 'jose'],
    node: 'any',
  },
  { from: 'src/main.ts', mayImport: ['src/'], packages: ['pino'], node: 'any' },
];

const escaped = (text: string): string => text.replace(/[.\\/@]/g, '\\$&');

const allowedBy = (layer: Layer): string[] => [
  ...layer.mayImport.map((path) => `^${escaped(path)}`),
  ...layer.packages.map((name) => `(^|/)node_modules/(@types/)?${escaped(name)}(/|$)?`),
];

const ownRule = (layer: Layer): IForbiddenRuleType => ({
  name: `${layer.from} imports only what is to its left`,
  severity: 'error',
  from: { path: `^${escaped(layer.from)}` },
  to: { pathNot: allowedBy(layer), dependencyTypesNot: ['core'] },
});

const nodeRule = (layer: Layer): IForbiddenRuleType[] =>
  layer.node === 'any'
    ? []
    : [
        {
          name: `${layer.from} stays away from node: modules it does not need`,
          severity: 'error',
          from: { path: `^${escaped(layer.from)}` },
          to: {
            dependencyTypes: ['core'],
            ...(layer.node.length > 0 && { pathNot: `^(node:)?(${layer.node.join('|')})$` }),
          },
        },
      ];

export const dependencyRule: IForbiddenRuleType[] = [
  ...layers.flatMap((layer) => [ownRule(layer), ...nodeRule(layer)]),
  {
    name: 'every folder has its line in the table',
    severity: 'error',
    from: {
      path: '^(src|projections)/',
      pathNot: layers.map(({ from }) => `^${escaped(from)}`),
    },
    to: {},
  },
  {
    name: 'the SQLite driver is known to the embedded store and the views alone',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/(store/sqlite|subscriptions)/' },
    to: { path: 'node_modules/(@types/)?better-sqlite3/' },
  },
  {
    name: 'the EventStoreDB client is known to its adapter alone',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/store/esdb/' },
    to: { path: 'node_modules/@eventstore/db-client/' },
  },
  {
    name: 'stores do not know each other',
    severity: 'error',
    from: { path: '^src/store/(sqlite|esdb)/' },
    to: { path: '^src/store/[^/]+/', pathNot: '^src/store/$1/' },
  },
  {
    name: 'what stores share knows none of them',
    severity: 'error',
    from: { path: '^src/store/[^/]+$', pathNot: '^src/store/index[.]ts$' },
    to: { path: '^src/store/[^/]+/' },
  },
  {
    name: 'no cycles',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
];
