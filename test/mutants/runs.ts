/** Counts the files of tests that this thread has begun: at least one for each mutant. */
export const runs = { begun: 0 };
