import type { IForbiddenRuleType } from 'dependency-cruiser';

/**
 * What each room may import, leftmost first: rooms or files of ours, and packages. Whatever is not
 * listed here is refused, so a new room starts with a line of its own.
 */
const domain = ['src/domain/'];
const pure = [...domain, 'projections/'];
const thread = ['src/thread.ts'];
const memory = ['src/let-go.ts'];
const port = [
  'src/store/event-store.ts',
  'src/store/record.ts',
  'src/store/wrong-expected-revision.ts',
];
const kinds = [...domain, 'src/triggers/', 'src/schedule/'];
const followed = [...pure, ...port, 'src/log/', 'src/views/'];
const routed = [...followed, ...kinds, 'src/routing/'];
/** What running knows of targets: how one is called, never how it calls. */
const callable = ['src/targets/target.ts', 'src/targets/interrupter.ts'];
/** What any edge may build on. */
const inner = [...routed, 'src/sealing/', 'src/actors/'];

interface Layer {
  readonly from: string;
  readonly mayImport: readonly string[];
  readonly packages: readonly string[];
  /** Node's own modules: any, or only these. */
  readonly node: 'any' | readonly string[];
}

const layers: readonly Layer[] = [
  {
    from: 'src/domain/',
    mayImport: domain,
    packages: ['zod', 'xstate'],
    node: ['buffer', 'crypto'],
  },
  { from: 'projections/', mayImport: pure, packages: [], node: [] },
  {
    from: 'src/filters/',
    mayImport: [...domain, 'src/filters/'],
    packages: ['zod'],
    node: [],
  },
  {
    from: 'src/schemas/',
    mayImport: [...domain, 'src/filters/steps.ts', 'src/filters/jsonpath/pattern/', 'src/schemas/'],
    packages: [],
    node: [],
  },
  // The judge of logs: it shares nothing with what it judges.
  {
    from: 'src/invariants/',
    mayImport: [...pure, 'src/invariants/'],
    packages: [],
    node: [],
  },
  {
    from: 'src/schedule/',
    mayImport: [...domain, 'src/schedule/'],
    packages: ['croner'],
    node: ['crypto'],
  },
  { from: 'src/triggers/', mayImport: kinds, packages: ['zod'], node: ['crypto'] },
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
  { from: 'src/let-go.ts', mayImport: [], packages: [], node: ['worker_threads'] },
  {
    from: 'src/store/',
    mayImport: [...domain, ...thread, ...memory, 'src/store/'],
    packages: ['better-sqlite3', '@eventstore/db-client', 'zod'],
    node: 'any',
  },
  {
    from: 'src/actors/',
    mayImport: [...domain, ...port, 'src/actors/'],
    packages: [],
    node: ['crypto'],
  },
  { from: 'src/log/', mayImport: [...domain, ...port, 'src/log/'], packages: [], node: [] },
  {
    from: 'src/views/',
    mayImport: [...followed, ...thread, 'src/store/index.ts'],
    packages: ['better-sqlite3'],
    node: 'any',
  },
  {
    from: 'src/routing/',
    mayImport: [...routed, 'src/filters/'],
    packages: [],
    node: [],
  },
  {
    from: 'src/what-if/',
    mayImport: [...routed, ...thread, 'src/store/index.ts', 'src/what-if/'],
    packages: [],
    node: ['worker_threads'],
  },
  {
    from: 'src/targets/',
    mayImport: [...domain, ...thread, 'src/targets/'],
    packages: ['undici'],
    node: 'any',
  },
  {
    from: 'src/running/',
    mayImport: [...inner, ...callable, 'src/running/'],
    packages: [],
    node: 'any',
  },
  {
    from: 'src/intake/',
    mayImport: [...inner, 'src/signatures/', 'src/running/', 'src/intake/'],
    packages: ['zod'],
    node: ['crypto'],
  },
  {
    from: 'src/operations/',
    mayImport: [
      ...inner,
      'src/signatures/',
      'src/filters/',
      'src/schemas/',
      'src/running/',
      'src/what-if/',
      'src/operations/',
    ],
    packages: ['zod'],
    node: ['crypto'],
  },
  {
    from: 'src/http/',
    mayImport: [
      ...inner,
      ...memory,
      'src/signatures/',
      'src/filters/',
      'src/intake/',
      'src/operations/',
      'src/config.ts',
      'src/http/',
    ],
    packages: ['fastify', '@fastify/', 'fastify-type-provider-zod', 'zod', 'jose'],
    node: 'any',
  },
  {
    from: 'src/cli/',
    mayImport: [
      ...domain,
      'src/invariants/',
      'src/store/fact-store.ts',
      'src/store/sqlite/',
      'src/config.ts',
      'src/data-directory.ts',
      'src/exit-codes.ts',
      'src/key-file.ts',
      'src/http/dev-token.ts',
      'src/http/principal.ts',
      'src/cli/',
    ],
    packages: [],
    node: 'any',
  },
  { from: 'src/exit-codes.ts', mayImport: domain, packages: [], node: [] },
  { from: 'src/data-directory.ts', mayImport: domain, packages: [], node: 'any' },
  {
    from: 'src/key-file.ts',
    mayImport: [...domain, 'src/data-directory.ts'],
    packages: [],
    node: 'any',
  },
  { from: 'src/key-set-file.ts', mayImport: domain, packages: ['jose', 'zod'], node: 'any' },
  {
    from: 'src/config.ts',
    mayImport: [...domain, 'src/unknown-settings.ts'],
    packages: ['zod'],
    node: 'any',
  },
  { from: 'src/unknown-settings.ts', mayImport: [], packages: [], node: [] },
  {
    from: 'src/keys.ts',
    mayImport: ['src/config.ts', 'src/data-directory.ts', 'src/key-file.ts', 'src/key-set-file.ts'],
    packages: [],
    node: 'any',
  },
  {
    from: 'src/banner.ts',
    mayImport: [...domain, 'src/config.ts', 'src/keys.ts', 'src/http/dev-token.ts'],
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
    name: 'every room has its line in the table',
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
    from: { path: '^src/', pathNot: '^src/(store/sqlite|views)/' },
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
