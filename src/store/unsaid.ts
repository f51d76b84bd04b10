type Data = object;
type Members = Readonly<Record<string, unknown>>;

/** What a record leaves out of its facts, because it goes without saying. */
interface Unsaid {
  /** Members that are those of the fact before it in the record. */
  readonly asBefore: readonly string[];
  /** What most facts of the type say. */
  readonly usually: Members;
  readonly usualMembers: readonly string[];
}

const unsaidBy = (asBefore: readonly string[], usually: Members = {}): Unsaid => ({
  asBefore,
  usually,
  usualMembers: Object.keys(usually),
});

const usualPolicy = {
  maxAttempts: 5,
  initialDelayMs: 1_000,
  maxDelayMs: 3_600_000,
  multiplier: 4,
  retryStatuses: [408, 425, 429],
};

const ofOutcomes = unsaidBy(['triggerId']);

/**
 * All of these are members that every such fact has, so that one which is missing has been left out.
 * It is part of the version of records: a change here is a new one.
 */
export const unsaid: ReadonlyMap<string, Unsaid> = new Map([
  [
    'InvocationQueued',
    unsaidBy(['arrivalId'], { orderingKey: null, policy: usualPolicy, retryOf: null }),
  ],
  ['InvocationStarted', unsaidBy(['invocationId', 'triggerId'])],
  ['InvocationSucceeded', ofOutcomes],
  ['InvocationFailed', ofOutcomes],
  ['InvocationDeadLettered', ofOutcomes],
]);

const texts = new Map<unknown, string>(
  [usualPolicy].map((value) => [value, JSON.stringify(value)]),
);
/** The one that was last found to be as usual: most are the very same. */
let lastUsual: unknown;

const isUsual = (value: unknown, usual: unknown): boolean => {
  if (value === usual) return true;
  const text = texts.get(usual);
  if (text === undefined || typeof value !== 'object') return false;
  if (value === lastUsual) return true;
  if (JSON.stringify(value) !== text) return false;
  lastUsual = value;
  return true;
};

/**
 * The data of a fact as a record has it, given that of the fact before. JSON leaves out what is
 * undefined; setting it is cheaper than copying all the rest.
 */
export const leaveOut = (type: string, data: Data, before: Data | undefined): Data => {
  const rule = unsaid.get(type);
  if (rule === undefined) return data;
  const said: Record<string, unknown> = { ...data };
  for (const member of rule.asBefore) {
    if ((before as Members | undefined)?.[member] === said[member]) said[member] = undefined;
  }
  for (const member of rule.usualMembers) {
    if (isUsual(said[member], rule.usually[member])) said[member] = undefined;
  }
  return said;
};

/** And back. */
export const putIn = (type: string, data: Data, before: Data | undefined): Data => {
  const rule = unsaid.get(type);
  // What is no record of ours may hold anything.
  if (rule === undefined || typeof data !== 'object' || data === null) return data;
  const all: Record<string, unknown> = { ...data };
  for (const member of rule.asBefore) {
    if (all[member] === undefined) all[member] = (before as Members | undefined)?.[member];
  }
  for (const member of rule.usualMembers) {
    if (all[member] === undefined) all[member] = rule.usually[member];
  }
  return all;
};
