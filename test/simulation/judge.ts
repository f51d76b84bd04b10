import { createInvariants, type Invariants } from '../../src/invariants/invariants.ts';

/** Reads the log fact by fact and says which promises it breaks. */
export const createJudge = (nodes: number): Invariants =>
  createInvariants({ owners: nodes === 1 ? 'one' : 'several' });
