interface Judged {
  readonly folder: string;
  /** Where the tests are that have to notice a fault in this folder. */
  readonly tests: readonly string[];
}

/**
 * What is mutated, and which tests judge it: those beside it, and a neighbour's where a rule is
 * told through it. Tests that need a thread, a process or a server have no say: what a mutant
 * does there goes unseen.
 */
export const folders: readonly Judged[] = [
  {
    folder: 'src/domain',
    tests: ['test/domain', 'test/projections', 'test/triggers', 'test/actors'],
  },
  { folder: 'projections', tests: ['test/projections'] },
  { folder: 'src/triggers', tests: ['test/triggers'] },
  { folder: 'src/signatures', tests: ['test/signatures'] },
  { folder: 'src/schedule', tests: ['test/schedule', 'test/triggers'] },
  { folder: 'src/sealing', tests: ['test/sealing'] },
  { folder: 'src/store', tests: ['test/store'] },
  { folder: 'src/actors', tests: ['test/actors'] },
  { folder: 'src/log', tests: ['test/log'] },
  { folder: 'src/views', tests: ['test/views'] },
  { folder: 'src/routing', tests: ['test/routing'] },
  { folder: 'src/running', tests: ['test/running', 'test/routing'] },
  { folder: 'src/targets', tests: ['test/targets'] },
  { folder: 'src/what-if', tests: ['test/what-if'] },
  { folder: 'src/filters', tests: ['test/filters'] },
];

export const withoutSay: readonly string[] = [
  'test/running/appends-per-delivery.test.ts',
  'test/running/poison.test.ts',
  'test/targets/http/remote-target.test.ts',
  'test/store/esdb/client.test.ts',
  'test/store/esdb/connection.test.ts',
  'test/store/esdb/contract.test.ts',
  'test/store/esdb/neighbours.test.ts',
  'test/store/esdb/outcomes.test.ts',
  'test/store/esdb/payloads.test.ts',
  'test/store/esdb/process.test.ts',
  'test/store/esdb/reads.test.ts',
  'test/store/esdb/subscription.test.ts',
  'test/store/sqlite/durability.test.ts',
  'test/store/sqlite/store.test.ts',
  'test/views/open-views.test.ts',
];

interface LeftOut {
  readonly reason: string;
  readonly files: readonly string[];
}

/** What can only be tried in a thread, a process or against a server. */
export const leftOut: readonly LeftOut[] = [
  {
    reason: 'speaks to a server; test/store/esdb tries it against a double on the network',
    files: [
      'src/store/esdb/admin.ts',
      'src/store/esdb/append.ts',
      'src/store/esdb/appends-with-payloads.ts',
      'src/store/esdb/await-server.ts',
      'src/store/esdb/client.ts',
      'src/store/esdb/connection.ts',
      'src/store/esdb/diagnosis.ts',
      'src/store/esdb/payload-streams.ts',
      'src/store/esdb/payloads.ts',
      'src/store/esdb/persistence.ts',
      'src/store/esdb/probe.ts',
      'src/store/esdb/read.ts',
      'src/store/esdb/store.ts',
      'src/store/esdb/subscription.ts',
    ],
  },
  {
    reason: "carries calls to the store's thread; the contract of event stores goes through it",
    files: ['src/store/index.ts', 'src/store/sqlite/thread.ts'],
  },
  {
    reason: 'carries calls to a thread; test/targets/http/remote-target.test.ts goes through it',
    files: ['src/targets/http/calls-thread.ts', 'src/targets/http/remote-target.ts'],
  },
  {
    reason: 'carries questions to a thread; test/views/open-views.test.ts goes through it',
    files: ['src/views/open-views.ts', 'src/views/remote-views.ts', 'src/views/views-thread.ts'],
  },
];
